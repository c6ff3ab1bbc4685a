/* From where somebody stands: the position is asked of the phone, measured here, and never sent or kept. All places are
   fetched, so that not even the choice of what is fetched tells where somebody is. */
"use strict";

(function () {
  var page = document.querySelector(".near-page"), box = page && page.querySelector(".by-position");
  if (!box || !navigator.geolocation || !window.isSecureContext) { return; }
  var button = box.querySelector("[data-locate]"), said = box.querySelector("[data-said]"), section = document.getElementById("from-here");
  var card = document.getElementById("near-card").content, signs = document.getElementById("near-signs").content;
  var EARTH_M = 6371008.8, within = "", places = null, order = [];
  box.hidden = false;

  function fetched() {
    return places ? Promise.resolve(places) : fetch(page.dataset.places).then(function (answer) {
      if (!answer.ok) { throw new Error(answer.status); }
      return answer.json();
    }).then(function (got) { places = got; return got; });
  }

  function position() {
    return new Promise(function (done, failed) {
      navigator.geolocation.getCurrentPosition(done, failed, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
    });
  }

  /* Steps of hundred-thousandths of a degree back into degrees. */
  function degrees(steps) {
    var sum = 0;
    return steps.map(function (step) { sum += step; return sum / 1e5; });
  }

  function measure(at) {
    var lon = degrees(places.lon), lat = degrees(places.lat), radian = Math.PI / 180;
    var narrow = Math.cos(at.latitude * radian);
    return lon.map(function (x, i) {
      var metres = Math.hypot((x - at.longitude) * narrow, lat[i] - at.latitude) * radian * EARTH_M;
      return { i: i, metres: metres };
    }).sort(function (a, b) { return a.metres - b.metres || a.i - b.i; });
  }

  /* Whether it opens: true, false, or null where nobody knows. */
  function opens(i) {
    if (!within) { return true; }
    if (places.days[i] === null) { return null; }
    return within === "today" ? (places.days[i] & 1) === 1 : places.days[i] !== 0;
  }

  function chosen() {
    var found = [], unknown = [];
    order.some(function (one) {
      var beyond = one.metres > places.near_m, state = opens(one.i);
      if ((beyond && found.length >= places.fewest) || found.length === places.most) { return true; }
      if (state) { found.push(one); } else if (state === null && !beyond) { unknown.push(one); }
      return false;
    });
    return { found: found, unknown: unknown };
  }

  function filled(one) {
    var made = card.cloneNode(true), i = one.i, kind = places.kinds[places.kind[i]];
    var minutes = Math.max(1, Math.ceil(one.metres / places.pace));
    var words = {
      kind: kind.label, walk: "歩いて約" + minutes + "分", page: places.name[i], opening: places.opening[i], when: places.when[i],
      where: places.where[i], fee: places.fee[i], access: places.access[i], transport: places.transport[i],
      phone: places.phone[i], spoken: places.tel[i] ? "" : places.phone[i]
    };
    Object.keys(words).forEach(function (slot) { put(made, slot, words[slot]); });
    if (!places.informal[i]) { drop(made, "informal"); }
    if (!places.approximate[i]) { drop(made, "approximate"); }
    if (places.tel[i]) { slotOf(made, "call").href = "tel:" + places.tel[i]; } else { drop(made, "call"); }
    slotOf(made, "page").href = page.dataset.page + places.id[i];
    slotOf(made, "sign").replaceChildren(...signs.querySelector('[data-kind="' + kind.code + '"]').cloneNode(true).childNodes);
    return made;
  }

  function slotOf(made, slot) { return made.querySelector('[data-slot="' + slot + '"]'); }

  function drop(made, slot) {
    var found = slotOf(made, slot);
    (found.closest("dl > div") || (slot === "call" ? found.parentNode : found)).remove();
  }

  function put(made, slot, words) { if (words) { slotOf(made, slot).textContent = words; } else { drop(made, slot); } }

  function show() {
    var answer = chosen();
    section.querySelector("[data-found]").replaceChildren(...answer.found.map(filled));
    section.querySelector("[data-unknown]").replaceChildren(...answer.unknown.map(filled));
    section.querySelector("[data-none]").hidden = answer.found.length > 0;
    section.querySelector("[data-unknown-title]").hidden = answer.unknown.length === 0;
    section.querySelectorAll("[data-within]").forEach(function (each) {
      each.setAttribute("aria-pressed", each.dataset.within === within ? "true" : "false");
    });
    said.textContent = "近くの通いの場を、" + answer.found.length + "か所出しました。";
  }

  function start(found) {
    order = measure(found[1].coords);
    section.querySelector("[data-accuracy]").textContent = "分数は、まっすぐ測った距離を、年配の方の足（1分に" + places.pace +
      " m）で歩いたおおよそです。" + (found[1].coords.accuracy > 200 ? "いまいる場所は、" + Math.round(found[1].coords.accuracy) + " mほどずれているかもしれません。" : "");
    document.getElementById("from-town").hidden = true;
    section.hidden = false;
    show();
    document.getElementById("here-title").focus();
  }

  function fail(reason) {
    said.textContent = reason && reason.code === 1 ? "場所を使うことが許されていません。下から、お住まいの町をえらんでください。"
      : "いまいる場所が分かりませんでした。下から、お住まいの町をえらんでください。";
  }

  button.addEventListener("click", function () {
    said.textContent = "さがしています…";
    Promise.all([fetched(), position()]).then(start).catch(fail);
  });
  section.querySelectorAll("[data-within]").forEach(function (each) {
    each.addEventListener("click", function () { within = each.dataset.within; show(); });
  });
})();
