/* The map: ground, people, reach, gaps and places in layers that can be switched, on one canvas. */
"use strict";
var Yori = window.Yori || {};

(function () {
  var GAP = "#c2410c", BLUE = "#0b5fa5";
  var SHADES = ["#fbf3dc", "#f6dfa8", "#eec274", "#dd9f47", "#b8742a"];
  var FINGER = 22;
  var ORDER = ["people", "roads", "coast", "reach", "areas", "gaps", "places"];
  var shape = Yori.shape, text = Yori.text;

  /* Called by the Folium map. sources: ground, places, details, answer, symbols, focus. */
  Yori.open = function (map, sources) {
    var view = (Yori.view = { map: map, sources: sources, layers: {}, off: {} });
    view.canvas = L.canvas({ padding: 0.25 });
    view.labels = new Yori.Labels(map);
    L.control.zoom({ position: "bottomright", zoomInTitle: "地図を拡大", zoomOutTitle: "地図を縮小" }).addTo(map);
    L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 140 }).addTo(map);
    if (sources.credit) {
      L.control.attribution({ position: "bottomright", prefix: false }).addAttribution(sources.credit).addTo(map);
    }
    Promise.all([Yori.load(sources.ground), Yori.load(sources.places), Yori.firstAnswer(sources)]).then(function (got) {
      Yori.drawGround(view, got[0], ORDER);
      makeQuestionLayers(view);
      drawPlaces(view, got[1]);
      Yori.answer(got[2]);
      listen(view);
      Yori.keepFitting(view);
      document.documentElement.dataset.map = "ready";
      later(Yori.needDetails);
    }).catch(function (error) {
      Yori.say("地図を表示できませんでした。ページを開きなおしてください。");
      throw error;
    });
  };

  /* What cards and the list say comes after the first look. */
  Yori.needDetails = function () {
    var view = Yori.view;
    view.details = view.details || Yori.load(view.sources.details);
    return view.details;
  };

  function later(work) {
    (window.requestIdleCallback || function (f) { setTimeout(f, 300); })(work);
  }

  function makeQuestionLayers(view) {
    view.reach = new Yori.Reach([], { renderer: view.canvas, interactive: false, color: BLUE });
    view.gapFill = Yori.hatch(GAP);
    view.layers.areas.addTo(view.map);
    view.layers.gaps.addTo(view.map);
  }

  function drawPlaces(view, places) {
    view.places = places;
    view.points = Yori.decodePoints(places.lon, places.lat);
    view.reach.points = view.points;
    view.reach.shown = view.points.map(function () { return true; });
    view.reach.metres = 1;
    view.layers.reach.addLayer(view.reach).addTo(view.map);
    view.signs = new Yori.Places(view.points, {
      renderer: view.canvas, interactive: false, kind: places.kind, light: places.informal, badge: places.badge,
      symbols: places.kinds.map(function (kind) {
        return view.sources.symbols[kind] || view.sources.symbols.other;
      })
    });
    view.layers.places.addLayer(view.signs).addTo(view.map);
    view.labels.obstacles = function () { return view.map.hasLayer(view.signs) ? view.signs.boxes() : []; };
  }

  /* Show the answer to a question: shading, reach and gaps; `question` says which places count. */
  Yori.answer = function (answer) {
    var view = Yori.view;
    view.answer = answer;
    view.row = {};
    // People of this answer may live in towns, those of the last one in cells: only one is drawn.
    Object.keys(view.units).forEach(function (key) {
      view.units[key].setStyle({ fillOpacity: 0, stroke: key.indexOf(answer.units.of) === 0 });
    });
    answer.units.id.forEach(function (id, i) {
      var unit = view.units[answer.units.of + id], level = answer.units["class"][i];
      if (!unit) { return; }
      view.row[answer.units.of + id] = i;
      unit.setStyle({ fillColor: level === null ? "#ffffff" : SHADES[level], fillOpacity: level === null ? 0 : 1 });
    });
    Yori.narrow(answer.question);
    view.reach.show(function (i) {
      return (answer.question.frozen || view.passes(i)) && (!view.places.informal[i] || answer.question.informal);
    });
    view.reach.setDistance(answer.question.straight_m);
    showWays(view, answer.ways);
    showGaps(view, answer.gaps);
    Object.keys(answer.legend).forEach(function (part) {
      document.getElementById("legend-" + part).textContent = answer.legend[part];
    });
    stack(view);
    view.labels.arrange();
  };

  /* Along roads the reach is no circle: the roads themselves are marked. */
  function showWays(view, ways) {
    if (view.ways) { view.layers.reach.removeLayer(view.ways); }
    view.ways = ways && L.polyline(Yori.decode(ways), {
      renderer: view.canvas, interactive: false, color: BLUE, weight: 5, opacity: 0.45
    });
    if (ways) {
      view.layers.reach.removeLayer(view.reach);
      view.layers.reach.addLayer(view.ways);
    } else {
      view.layers.reach.addLayer(view.reach);
    }
  }

  /* Show only the places a question leaves in. */
  Yori.narrow = function (question) {
    Yori.view.passes = Yori.counting(question);
    showSigns(Yori.view);
  };

  /* なじみの場 are a layer of their own among the signs, and so are the badges on them. */
  function showSigns(view) {
    view.signs.options.bare = view.off.badges;
    view.signs.show(function (i) {
      return view.passes(i) && !(view.places.informal[i] ? view.off.informal : view.off.places);
    });
    view.map[view.signs.shown.some(Boolean) ? "addLayer" : "removeLayer"](view.layers.places);
  }

  /* The rule of the server: kinds, functions, confirmations and weekdays narrow; an unknown weekday never excludes. */
  Yori.counting = function (question) {
    var places = Yori.view.places, kinds = question.kinds || [], days = 0, functions = 0;
    (question.functions || []).forEach(function (code) {
      var bit = places.functionCodes.indexOf(code);
      functions |= bit < 0 ? 1 << 30 : 1 << bit;  // what no place is, leaves none in
    });
    (question.weekdays || []).forEach(function (day) { days |= 1 << "月火水木金土日".indexOf(day); });
    return function (i) {
      var kind = places.kinds[places.kind[i]];
      if ((functions && !(places.functions[i] & functions)) || (question.confirmed && places.stale[i])) { return false; }
      return (!kinds.length || kinds.indexOf(kind) >= 0) && (!days || !places.days[i] || (places.days[i] & days) !== 0);
    };
  };

  function showGaps(view, gaps) {
    view.layers.gaps.clearLayers();
    view.labels.clear("gaps");
    view.gap = {};
    gaps.rank.forEach(function (rank, i) {
      var outline = shape(view, L.Polygon, Yori.decode(gaps.shape[i]), {
        color: GAP, weight: 2.2, dashArray: "6 4", fillColor: view.gapFill, fillOpacity: 0.8
      });
      view.layers.gaps.addLayer(outline);
      view.gap[rank] = { outline: outline, at: [gaps.lat[i], gaps.lon[i]] };
      if (rank > 30) { return; }
      view.labels.add({
        group: "gaps", at: view.gap[rank].at, html: String(rank), size: [32, 32], rank: rank / 100, always: rank <= 10, overSigns: true, fromZoom: rank <= 10 ? 0 : 13.5,
        className: "gap-number", title: "空白 " + rank + "番 " + gaps.title[i] + " " + gaps.people[i].toLocaleString() + "人",
        click: function () { Yori.goToGap(rank); }
      });
    });
  }

  Yori.goToGap = function (rank) {
    var view = Yori.view, gap = view.gap[rank];
    if (!gap) { return; }
    view.settled();
    var box = gap.outline.getBounds();
    fly(box.isValid() ? box.pad(0.25) : L.latLng(gap.at).toBounds(1500));
  };

  /* Move the map to an area or a town. */
  Yori.goTo = function (shown) {
    if (shown) { fly(shown.getBounds().pad(0.1)); }
  };

  /* Those who asked their system for calm are there at once. */
  function fly(box) {
    Yori.view.map.flyToBounds(box, { maxZoom: 15, duration: 0.6, animate: !Yori.calm() });
    Yori.showMap();
  }

  /* Layer switches (the legend's boxes). */
  Yori.switchLayer = function (name, on) {
    var view = Yori.view;
    view.off[name] = !on;
    view.labels.hidden = view.off;
    if (["places", "informal", "badges"].indexOf(name) >= 0) {
      showSigns(view);
    } else {
      view.map[on ? "addLayer" : "removeLayer"](view.layers[name]);
    }
    stack(view);
    view.labels.arrange();
  };

  /* What lies over what, whatever was drawn last. */
  function stack(view) {
    ORDER.forEach(function (group) {
      if (!view.off[group] || group === "places") { view.layers[group].eachLayer(function (layer) { layer.bringToFront(); }); }
    });
  }

  function listen(view) {
    var map = view.map, tip = L.tooltip({ direction: "top", offset: [0, -8], opacity: 1 });
    map.on("popupopen", function (e) {
      e.popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", "とじる");
    });
    map.on("click", function (e) {
      var i = view.signs.nearest(e.layerPoint, FINGER);
      if (i >= 0) { Yori.openPlace(i, view.signs.beside(i)); } else { openUnit(view, e); }
    });
    map.on("mousemove", function (e) {
      var i = view.signs.nearest(e.layerPoint, 12);
      map.getContainer().classList.toggle("on-place", i >= 0);
      if (i < 0) { map.closeTooltip(tip); return; }
      var more = view.signs.beside(i).length - 1;
      tip.setLatLng(view.points[i]).setContent(text(view.places.name[i] + (more ? " ほか" + more + "か所" : "")));
      map.openTooltip(tip);
    });
  }

  function openUnit(view, e) {
    var found = Object.keys(view.units).filter(function (key) {
      var unit = view.units[key];
      return key in view.row && view.map.hasLayer(unit) && unit._pxBounds.contains(e.layerPoint) && unit._containsPoint(e.layerPoint);
    })[0];
    if (!found) { return; }
    var i = view.row[found], units = view.answer.units;
    L.popup({ className: "card" }).setLatLng(e.latlng)
      .setContent(Yori.townCard(view.units[found].name, units.population[i], units.covered[i], view.answer.question)).openOn(view.map);
  }

  /* One place's card, or where several share a spot (a hall and its clubs) their names to choose. */
  Yori.openPlace = function (i, beside) {
    var view = Yori.view, room = Math.max(view.map.getSize().y - 60, 200);
    view.settled();
    Yori.needDetails().then(function (details) {
      var popup = L.popup({ className: "card", maxWidth: 320, maxHeight: room, offset: [0, -4] }).setLatLng(view.points[i]);
      var one = function (j) { popup.setContent(Yori.placeCard(view.places, details, j, view.sources)); };
      if (beside && beside.length > 1) { popup.setContent(Yori.choiceCard(view.places, beside, one)); } else { one(i); }
      popup.openOn(view.map);
    });
  };
})();
