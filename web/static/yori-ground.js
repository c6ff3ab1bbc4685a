/* The ground every map of ours stands on: land, towns, areas, roads, water, and their names. */
"use strict";
var Yori = window.Yori || {};

(function () {
  var INK = "#2b2722", LABEL_FONT = "'BIZ UDPGothic','BIZ UDPゴシック','Noto Sans CJK JP',sans-serif";
  /* Where a name may stand when its own spot is taken: rings of a dozen spots, wider than high. */
  var AROUND = [[0, 0]];
  [26, 42, 58, 74].forEach(function (far) {
    [3, 9, 0, 6, 1, 5, 7, 11, 2, 4, 8, 10].forEach(function (hour) {
      AROUND.push([Math.cos(hour * Math.PI / 6) * far * 1.2, Math.sin(hour * Math.PI / 6) * far]);
    });
  });

  /* Fonts and the legend settle late: until somebody moves the map, it stays fitted to its window. */
  Yori.keepFitting = function (view) {
    var map = view.map, moved = false, fit = function () {
      map.invalidateSize({ pan: false });
      if (!moved) { map.fitBounds(view.sources.bounds, { padding: [12, 12], animate: false }); }
    };
    ["mousedown", "wheel", "touchstart", "keydown"].forEach(function (deed) {
      map.getContainer().addEventListener(deed, function () { moved = true; }, { once: true, passive: true });
    });
    view.settled = function () { moved = true; };
    fit();
    map.once("zoomend", fit);  // while the map is still zooming to where it opens, nothing else is heard
    new ResizeObserver(fit).observe(map.getContainer());
  };

  Yori.load = function (source) {
    if (source.data) { return Promise.resolve(source.data); }
    return fetch(source.url).then(function (response) {
      if (!response.ok) { throw new Error(source.url + " " + response.status); }
      return response.json();
    });
  };

  Yori.shape = function (view, Kind, rings, style) {
    return new Kind(rings, Object.assign({ renderer: view.canvas, interactive: false, smoothFactor: 1 }, style));
  };

  /* Everything that stays while questions change; `order` names the layers of this map. */
  Yori.drawGround = function (view, ground, order) {
    var map = view.map, groups = (view.layers = {});
    order.forEach(function (name) { groups[name] = L.layerGroup(); });
    view.land = L.layerGroup(ground.land.map(function (parts) {
      return Yori.shape(view, L.Polygon, Yori.decode(parts), { stroke: false, fillColor: "#fdfaf3", fillOpacity: 1 });
    })).addTo(map);
    view.units = {};
    view.areas = {};
    [["towns", ground.towns], ["cells", ground.cells]].forEach(function (kind) {
      kind[1].id.forEach(function (id, i) {
        var unit = Yori.shape(view, L.Polygon, Yori.decode(kind[1].shape[i]), { color: "#ffffff", weight: 1, opacity: 0.9, fillOpacity: 0 });
        unit.name = kind[1].name ? kind[1].name[i] : "";
        view.units[kind[0] + id] = unit;
        groups.people.addLayer(unit);
      });
    });
    groups.people.addTo(map);
    drawFaces(view, ground);
    drawLines(view, ground);
    ground.areas.id.forEach(function (id, i) {
      var focus = view.sources.focus, mine = !focus || focus === ground.areas.code[i];
      var border = Yori.shape(view, L.Polygon, Yori.decode(ground.areas.shape[i]),
        { color: INK, weight: focus && mine ? 3.4 : 1.8, opacity: mine ? 0.95 : 0.5, fill: false });
      view.areas[ground.areas.code[i]] = border;
      groups.areas.addLayer(border);
      labelArea(view, ground.areas.name[i], ground.areas.label[i], mine);
    });
    ground.land.forEach(function (parts) {
      groups.coast.addLayer(Yori.shape(view, L.Polygon, Yori.decode(parts), { color: INK, weight: 1.6, opacity: 0.8, fill: false }));
    });
    groups.coast.addTo(map);
    labelMarks(view, ground.marks);
    labelTowns(view, ground.towns);
  };

  function drawFaces(view, ground) {
    var looks = { woods: ["#c9d8b6", 0.55], park: ["#c3dcae", 0.8], water: ["#cfe2ee", 1] };
    Object.keys(looks).forEach(function (key) {
      (ground.faces[key] || []).forEach(function (parts) {
        view.layers.roads.addLayer(Yori.shape(view, L.Polygon, Yori.decode(parts),
          { stroke: key === "water", color: "#8fb6cf", weight: 1, fillColor: looks[key][0], fillOpacity: looks[key][1] }));
      });
    });
  }

  function drawLines(view, ground) {
    var all = function (shapes) { return [].concat.apply([], shapes.map(Yori.decode)); };
    var add = function (shapes, style) {
      if (shapes.length) { view.layers.roads.addLayer(Yori.shape(view, L.Polyline, all(shapes), style)); }
    };
    add(ground.rivers, { color: "#8fb6cf", weight: 2, opacity: 1 });
    add(ground.roads.small, { color: "#a89f90", weight: 0.8, opacity: 0.75 });
    add(ground.roads.main, { color: "#8d8374", weight: 2.6, opacity: 0.85 });
    add(ground.rail, { color: "#4a443c", weight: 3, opacity: 0.9 });
    add(ground.rail, { color: "#fffdf9", weight: 1.4, opacity: 1, dashArray: "8 8" });
    view.layers.roads.addTo(view.map);
  }

  Yori.text = function (words) {
    var span = document.createElement("span");
    span.textContent = words;
    return span.innerHTML;
  };

  function labelArea(view, name, at, mine) {
    view.labels.add({
      group: "areas", at: [at[1], at[0]], html: Yori.text(name), text: name, rank: mine ? 10 : 11, overSigns: true,
      font: "700 17px " + LABEL_FONT, className: "area-name" + (mine ? "" : " elsewhere"),
      offsets: AROUND
    });
  }

  /* The server sends first what people steer by most: names that have no room are the later ones. */
  function labelMarks(view, marks) {
    var closer = { "駅": 11.5, "バス停": 15.5 };
    marks.forEach(function (mark) {
      view.labels.add({
        group: "roads", at: [mark[3], mark[2]], html: Yori.text(mark[1]), text: mark[1], rank: mark[0] === "駅" ? 20 : 30, offsets: [[0, 0], [0, -18], [0, 18]],
        font: "14px " + LABEL_FONT, className: mark[0] === "駅" ? "mark station" : "mark",
        fromZoom: closer[mark[0]] || 14
      });
    });
  }

  function labelTowns(view, towns) {
    towns.id.forEach(function (id) {
      var unit = view.units["towns" + id], middle = unit.getBounds().getCenter();
      view.labels.add({
        group: "people", at: middle, html: Yori.text(unit.name), text: unit.name, rank: 40,
        font: "14px " + LABEL_FONT, className: "town-name", fromZoom: 13.5,
        offsets: [[0, 0], [0, -16], [0, 16], [-24, 0], [24, 0]]
      });
    });
  }
})();
