/* A small map of the land with one pin: to put it down (yori-pick.js), or only to look at it. */
"use strict";
var Yori = window.Yori || {};

(function () {
  function add(map, shapes, Kind, style) {
    shapes.forEach(function (parts) {
      var rings = Yori.decode(parts);
      if (rings.length) { new Kind(rings, Object.assign({ interactive: false }, style)).addTo(map); }
    });
  }

  function drawSmall(map, ground) {
    add(map, ground.land, L.Polygon, { stroke: false, fillColor: "#fdfaf3", fillOpacity: 1 });
    add(map, ground.towns.shape, L.Polygon, { color: "#c9bfae", weight: 1, fill: false });
    add(map, ground.faces.woods || [], L.Polygon, { stroke: false, fillColor: "#c9d8b6", fillOpacity: 0.5 });
    add(map, ground.faces.water || [], L.Polygon, { stroke: false, fillColor: "#cfe2ee", fillOpacity: 1 });
    add(map, ground.roads.small, L.Polyline, { color: "#a89f90", weight: 1 });
    add(map, ground.roads.main, L.Polyline, { color: "#8d8374", weight: 3 });
    add(map, ground.rail, L.Polyline, { color: "#4a443c", weight: 2, dashArray: "6 4" });
    add(map, ground.areas.shape, L.Polygon, { color: "#2b2722", weight: 2, fill: false });
    var labels = new Yori.Labels(map), font = "700 15px 'BIZ UDPGothic',sans-serif", small = "13px 'BIZ UDPGothic',sans-serif";
    ground.areas.name.forEach(function (name, i) { word(labels, name, ground.areas.label[i], font, "area-name", 1, 0); });
    ground.marks.forEach(function (mark) { word(labels, mark[1], [mark[2], mark[3]], small, "mark-name", 2, 13); });
    ground.towns.name.forEach(function (name, i) { word(labels, name, ground.towns.label[i], small, "town-name", 3, 14); });
    labels.arrange();
  }

  function word(labels, words, at, font, className, rank, fromZoom) {
    var span = document.createElement("span");
    span.textContent = words;
    labels.add({ at: [at[1], at[0]], html: span.outerHTML, text: words, font: font, className: "map-word " + className, rank: rank, fromZoom: fromZoom });
  }

  Yori.drawSmall = drawSmall;

  Yori.pin = function () {
    return L.divIcon({ className: "pick-pin", html: "<svg viewBox='0 0 16 16' width='40' height='40' aria-hidden='true'><path d='M8 1a5 5 0 0 1 5 5c0 4-5 9-5 9S3 10 3 6a5 5 0 0 1 5-5z' fill='#0b5fa5' stroke='#fff' stroke-width='.8'/><circle cx='8' cy='6' r='1.8' fill='#fff'/></svg>", iconSize: [40, 40], iconAnchor: [20, 38] });
  };

  Yori.smallMap = function (box, more) {
    var map = L.map(box, Object.assign({ preferCanvas: true, zoomControl: false, attributionControl: false, zoomSnap: 0.25, minZoom: 8, maxZoom: 18 }, more));
    L.control.zoom({ position: "bottomright", zoomInTitle: "地図を拡大", zoomOutTitle: "地図を縮小" }).addTo(map);
    L.control.scale({ position: "bottomleft", imperial: false }).addTo(map);
    return map;
  };

  var box = document.getElementById("pin-map");
  if (!box) { return; }
  fetch(box.dataset.ground).then(function (response) { return response.json(); }).then(function (ground) {
    var at = [parseFloat(box.dataset.lat), parseFloat(box.dataset.lon)], map = Yori.smallMap(box, { scrollWheelZoom: false });
    map.setView(at, 14.5, { animate: false });
    drawSmall(map, ground);
    L.marker(at, { icon: Yori.pin(), keyboard: false, interactive: false, alt: "印の場所" }).addTo(map);
  }).catch(function () { box.textContent = "地図を出せませんでした。"; });
})();
