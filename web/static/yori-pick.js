/* Put a place on the map: by a tap, by the tablet's own position, or by its address. */
"use strict";
var Yori = window.Yori || {};

(function () {
  var box = document.querySelector("[data-pick]");
  if (!box) { return; }
  var form = box.closest("form"), lon = form.elements.lon, lat = form.elements.lat, address = form.elements.address;
  var told = box.querySelector("[data-where]"), desk = form.dataset.desk, marker = null, map = null;
  /* Residents' page: nobody is asked where a pin lies before it is sent. */
  var ground = form.dataset.ground || desk + "ground.json";
  document.documentElement.classList.add("scripted");

  function start(ground) {
    map = L.map("pick-map", { preferCanvas: true, zoomControl: false, attributionControl: false, zoomSnap: 0.25, minZoom: 8, maxZoom: 18 });
    L.control.zoom({ position: "bottomright", zoomInTitle: "地図を拡大", zoomOutTitle: "地図を縮小" }).addTo(map);
    L.control.scale({ position: "bottomleft", imperial: false }).addTo(map);
    map.fitBounds(ground.bounds, { padding: [8, 8] });
    draw(ground);
    map.on("click", function (e) { put(e.latlng.lat, e.latlng.lng); });
    show(true);
  }

  function add(shapes, Kind, style) {
    shapes.forEach(function (parts) {
      var rings = Yori.decode(parts);
      if (rings.length) { new Kind(rings, Object.assign({ interactive: false }, style)).addTo(map); }
    });
  }

  function draw(ground) {
    add(ground.land, L.Polygon, { stroke: false, fillColor: "#fdfaf3", fillOpacity: 1 });
    add(ground.towns.shape, L.Polygon, { color: "#c9bfae", weight: 1, fill: false });
    add(ground.faces.woods || [], L.Polygon, { stroke: false, fillColor: "#c9d8b6", fillOpacity: 0.5 });
    add(ground.faces.water || [], L.Polygon, { stroke: false, fillColor: "#cfe2ee", fillOpacity: 1 });
    add(ground.roads.small, L.Polyline, { color: "#a89f90", weight: 1 });
    add(ground.roads.main, L.Polyline, { color: "#8d8374", weight: 3 });
    add(ground.rail, L.Polyline, { color: "#4a443c", weight: 2, dashArray: "6 4" });
    add(ground.areas.shape, L.Polygon, { color: "#2b2722", weight: 2, fill: false });
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

  function put(y, x, move) {
    lat.value = y.toFixed(6);
    lon.value = x.toFixed(6);
    lon.dispatchEvent(new Event("input", { bubbles: true }));
    show(move);
  }

  function show(move) {
    var y = parseFloat(lat.value), x = parseFloat(lon.value);
    if (marker) { marker.remove(); marker = null; }
    if (isNaN(y) || isNaN(x)) { return; }
    ask("lon=" + x + "&lat=" + y, say);
    if (!map) { return; }  // the tablet may know where it is before the map is there
    var icon = L.divIcon({ className: "pick-pin", html: "<svg viewBox='0 0 16 16' width='40' height='40' aria-hidden='true'><path d='M8 1a5 5 0 0 1 5 5c0 4-5 9-5 9S3 10 3 6a5 5 0 0 1 5-5z' fill='#0b5fa5' stroke='#fff' stroke-width='.8'/><circle cx='8' cy='6' r='1.8' fill='#fff'/></svg>", iconSize: [40, 40], iconAnchor: [20, 38] });
    marker = L.marker([y, x], { icon: icon, keyboard: false, draggable: true, alt: "示した場所" }).addTo(map);
    marker.on("dragend", function () { var at = marker.getLatLng(); put(at.lat, at.lng); });
    if (move) { map.setView([y, x], Math.max(map.getZoom(), 15), { animate: false }); }
  }

  function say(spot) {
    told.classList.toggle("wrong", !!spot.wrong || spot.mine === false);
    told.textContent = spot.wrong || (spot.marked ? "地図に印をつけました。ちがうときは、正しいところを押してください。" : "この場所は " + (spot.area || "圏域の外") + (spot.town ? "・" + spot.town : "") + " です。" + (spot.approximate ? "（住所の町の代表点。おおよその位置です）" : "") + (spot.mine === false ? "あなたの担当ではないので、ここには書き込めません。" : ""));
  }

  function ask(query, then) {
    if (!desk) { say({ marked: true }); return; }
    told.textContent = "調べています…";
    fetch(desk + "where.json?" + query).then(function (response) { return response.json(); }).then(then)
      .catch(function () { told.textContent = "つながらないため、圏域を調べられません。場所は保存できます。"; });
  }

  box.querySelector("[data-unpick]").addEventListener("click", function () {
    lon.value = lat.value = "";
    told.textContent = "";
    lon.dispatchEvent(new Event("input", { bubbles: true }));
    show(false);
  });
  box.querySelector("[data-here]").addEventListener("click", function () {
    if (!navigator.geolocation) { say({ wrong: "この端末では、いまいる場所を調べられません。地図を押して示してください。" }); return; }
    told.textContent = "いまいる場所を調べています…";
    navigator.geolocation.getCurrentPosition(function (at) {
      put(at.coords.latitude, at.coords.longitude, true);
    }, function () { say({ wrong: "いまいる場所がわかりません。端末の位置情報を許すか、地図を押して示してください。" }); },
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 });
  });
  if (address) { box.querySelector("[data-by-address]").addEventListener("click", byAddress); }
  function byAddress() {
    if (!address.value.trim()) { say({ wrong: "先に、下の「住所」を入れてください。" }); address.focus(); return; }
    ask("address=" + encodeURIComponent(address.value), function (spot) {
      if (spot.wrong) { say(spot); return; }
      put(spot.lat, spot.lon, true);
    });
  }
  [lon, lat].forEach(function (field) { field.addEventListener("change", function () { show(true); }); });
  form.addEventListener("filled", function () { show(true); });

  function open() {
    fetch(ground).then(function (response) {
      if (!response.ok) { throw new Error(response.status); }
      return response.json();
    }).then(start).catch(function () {
      box.querySelector("#pick-map").textContent = desk ? "地図を出せませんでした。住所か、経度・緯度で入れてください。" : "地図を出せませんでした。下で、町の名前を選んでください。";
    });
  }
  /* A map in a fold is drawn once that is opened: it has no size before, and costs nothing. */
  var fold = box.closest("details");
  if (fold && !fold.open) { fold.addEventListener("toggle", open, { once: true }); } else { open(); }
})();
