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
    map = Yori.smallMap("pick-map");
    map.fitBounds(ground.bounds, { padding: [8, 8] });
    Yori.drawSmall(map, ground);
    map.on("click", function (e) { put(e.latlng.lat, e.latlng.lng); });
    if (form.elements.town_id) { goToTown(ground); }
    show(true);
  }

  /* Whoever has chosen a town finds the map there. */
  function goToTown(ground) {
    var chosen = form.elements.town_id, go = function () {
      var at = ground.towns.label[ground.towns.id.indexOf(Number(chosen.value))];
      if (at && !marker) { map.setView([at[1], at[0]], 15, { animate: false }); }
    };
    chosen.addEventListener("change", go);
    go();
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
    marker = L.marker([y, x], { icon: Yori.pin(), keyboard: false, draggable: true, alt: "示した場所" }).addTo(map);
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
