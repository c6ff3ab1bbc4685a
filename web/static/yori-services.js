/* The map of services: how each area is served, told apart by pattern as well as by colour, and
   questions asked without reloading. Without JavaScript the form, table and list still work. */
"use strict";
var Yori = window.Yori || {};

(function () {
  var ORDER = ["people", "supply", "roads", "coast", "areas"];
  var EDGE = "#2b2722", FONT = "'BIZ UDPGothic','BIZ UDPゴシック','Noto Sans CJK JP',sans-serif";
  var patterns = null, pending = null;

  function byId(id) { return document.getElementById(id); }

  function answerOf(root) { return JSON.parse(root.querySelector("script[data-answer]").textContent); }

  function say(words) {
    byId("message").textContent = words;
    byId("message").hidden = !words;
  }

  /* A small tile, repeated: a ground colour and marks upon it. */
  function tile(size, ground, draw) {
    var made = document.createElement("canvas"), ink = made.getContext("2d");
    made.width = made.height = size;
    ink.fillStyle = ground;
    ink.fillRect(0, 0, size, size);
    draw(ink, size);
    return ink.createPattern(made, "repeat");
  }

  function hatch(ink, size) {
    ink.strokeStyle = "#b53a09";
    ink.lineWidth = 3;
    for (var shift = -size; shift <= size; shift += size) {
      ink.beginPath();
      ink.moveTo(shift - 1, size + 1);
      ink.lineTo(shift + size + 1, -1);
      ink.stroke();
    }
  }

  function dots(ink, size) {
    ink.fillStyle = "#6b4410";
    ink.beginPath();
    ink.arc(size / 2, size / 2, 2.2, 0, 2 * Math.PI);
    ink.fill();
  }

  function rules(ink, size) {
    ink.fillStyle = "#a79d8f";
    ink.fillRect(0, size / 2 - 1, size, 1.5);
  }

  function looks() {
    patterns = patterns || {
      none: tile(11, "#fdf1ea", hatch),
      full: tile(10, "#ecb95c", dots),
      unknown: tile(8, "#f6f2ea", rules),
      room: "#9cc4e4"
    };
    return patterns;
  }

  /* Called by the Folium map. */
  Yori.open = function (map, sources) {
    var view = (Yori.view = { map: map, sources: sources, layers: {}, off: {} });
    view.canvas = L.canvas({ padding: 0.25 });
    view.labels = new Yori.Labels(map);
    L.control.zoom({ position: "bottomright", zoomInTitle: "地図を拡大", zoomOutTitle: "地図を縮小" }).addTo(map);
    L.control.scale({ position: "bottomleft", imperial: false, maxWidth: 140 }).addTo(map);
    if (sources.credit) {
      L.control.attribution({ position: "bottomright", prefix: false }).addAttribution(sources.credit).addTo(map);
    }
    Yori.load(sources.ground).then(function (ground) {
      view.ground = ground;
      view.whole = L.latLngBounds(view.sources.bounds);
      ground.faces.woods = ground.faces.park = [];  // they would tint what the patterns say
      Yori.drawGround(view, ground, ORDER);
      view.layers.areas.addTo(map);
      view.layers.supply.addTo(map);
      view.labels.clear("areas");
      Object.keys(view.areas).forEach(function (code) { view.whole.extend(view.areas[code].getBounds()); });
      show(answerOf(byId("panel")));
      listen(view);
      Yori.keepFitting(view);
      document.documentElement.dataset.map = "ready";
    }).catch(function (error) {
      say("地図を表示できませんでした。表と一覧は、このまま読めます。");
      throw error;
    });
  };

  /* Fill each area by its state and write the state under its name. */
  function show(answer) {
    var view = Yori.view, areas = view.ground.areas;
    view.answer = answer;
    view.layers.supply.clearLayers();
    view.labels.clear("supply");
    areas.code.forEach(function (code, i) {
      var served = answer.areas[code];
      if (!served) { return; }
      view.layers.supply.addLayer(Yori.shape(view, L.Polygon, view.areas[code].getLatLngs(), {
        stroke: false, fillColor: looks()[served.state], fillOpacity: 0.92
      }));
      view.areas[code].setStyle({ color: EDGE, weight: served.chosen ? 4.5 : 1.8, opacity: 0.95 });
      label(view, areas.name[i], areas.label[i], served);
    });
    if (!areas.code.length && answer.areas[""]) {
      view.ground.land.forEach(function (parts) {
        view.layers.supply.addLayer(Yori.shape(view, L.Polygon, Yori.decode(parts), {
          stroke: false, fillColor: looks()[answer.areas[""].state], fillOpacity: 0.92
        }));
      });
    }
    ORDER.forEach(function (name) {
      view.layers[name].eachLayer(function (layer) { layer.bringToFront(); });
    });
    view.labels.arrange();
  }

  /* A narrow map has room for the short name and the state only. */
  function label(view, name, at, served) {
    var narrow = view.map.getSize().x < 600, shown = narrow ? name.replace(/圏域$/, "") : name;
    var words = served.words + (!narrow && view.answer.counted && served.count ? " " + served.count + "件" : "");
    var wide = narrow ? Math.max(shown.length * 14, words.length * 12 + 10) + 4 : Math.max(shown.length * 16, words.length * 14 + 18) + 4;
    view.labels.add({
      group: "supply", at: [at[1], at[0]], size: [wide, narrow ? 38 : 48], rank: 5, overSigns: true, always: true,
      html: "<b>" + Yori.text(shown) + "</b><span class=\"" + served.state + "\">" + Yori.text(words) + "</span>",
      text: shown, font: "700 16px " + FONT, className: "supply-name" + (narrow ? " narrow" : ""),
      offsets: [[0, 0], [0, -20], [0, 20], [-24, 0], [24, 0], [0, -34], [0, 34], [-40, -16], [40, 16]]
    });
  }

  function listen(view) {
    view.map.on("popupopen", function (e) {
      e.popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", "とじる");
    });
    view.map.on("click", function (e) {
      var codes = view.ground.areas.code;
      for (var i = 0; i < codes.length; i++) {
        var area = view.areas[codes[i]];
        if (view.answer.areas[codes[i]] && area._pxBounds.contains(e.layerPoint) && inside(area, e.layerPoint)) {
          L.popup({ className: "card" }).setLatLng(e.latlng).setContent(card(view, i, codes[i])).openOn(view.map);
          return;
        }
      }
    });
  }

  /* Even-odd, over every ring: the borders themselves are not filled, so Leaflet does not ask. */
  function inside(area, point) {
    var odd = false;
    area._parts.forEach(function (ring) {
      for (var i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        var a = ring[i], b = ring[j];
        if ((a.y > point.y) !== (b.y > point.y) && point.x < (b.x - a.x) * (point.y - a.y) / (b.y - a.y) + a.x) { odd = !odd; }
      }
    });
    return odd;
  }

  /* Move to the chosen area; without one, back to where the map opened. */
  function turn() {
    var view = Yori.view, chosen = Object.keys(view.areas).filter(function (code) {
      return view.answer.areas[code] && view.answer.areas[code].chosen;
    })[0];
    view.settled();
    view.map.fitBounds(chosen ? view.areas[chosen].getBounds() : view.whole, { padding: [12, 12], animate: false });
  }

  function card(view, i, code) {
    var served = view.answer.areas[code], box = document.createElement("div");
    var head = document.createElement("h3"), words = document.createElement("p"), more = document.createElement("a");
    head.textContent = view.ground.areas.name[i];
    words.textContent = view.answer.label + "：" + served.words + "（登録 " + served.count + "件）";
    more.textContent = "この圏域で使えるサービスを見る";
    more.href = served.href;
    more.className = "more-link";
    [head, words, more].forEach(function (part) { box.appendChild(part); });
    return box;
  }

  function ask(form) {
    var asked = new URLSearchParams(), asking = new AbortController();
    new FormData(form).forEach(function (value, name) { if (value) { asked.append(name, value); } });
    if (pending) { pending.abort(); }
    pending = asking;
    byId("panel").setAttribute("aria-busy", "true");
    fetch(form.dataset.panel + "?" + asked, { signal: asking.signal }).then(function (response) {
      if (!response.ok) { throw new Error(response.status); }
      return response.text();
    }).then(function (html) {
      var fresh = document.createElement("template");
      fresh.innerHTML = html;
      byId("panel").replaceChildren(fresh.content);
      if (Yori.view && Yori.view.ground) { show(answerOf(byId("panel"))); turn(); }
      say("");
      byId("said").textContent = byId("panel").querySelector("h1").textContent;
      history.pushState(null, "", form.action + (String(asked) ? "?" + asked : ""));
    }).catch(function () {
      if (!asking.signal.aborted) { say("新しい答えを取り出せませんでした。つながりを確かめて、もう一度選んでください。"); }
    }).finally(function () {
      if (pending === asking) { byId("panel").removeAttribute("aria-busy"); }
    });
  }

  // Back and forward ask the server again: the address holds the whole question.
  window.addEventListener("popstate", function () { location.reload(); });

  document.addEventListener("DOMContentLoaded", function () {
    var form = byId("question");
    document.documentElement.classList.add("scripted");
    form.addEventListener("change", function () { ask(form); });
    form.addEventListener("submit", function (e) { e.preventDefault(); ask(form); });
  });
})();
