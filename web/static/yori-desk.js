/* The desk: what somebody has half written is kept on this device until it is saved. */
"use strict";
var Yori = window.Yori || {};

(function () {
  var PREFIX = "yori-draft:";

  document.documentElement.classList.add("scripted");

  /* People's data is kept only as long as the tab is open; other drafts as long as needed. */
  function shelf(form) {
    try { return form.dataset.keep === "session" ? sessionStorage : localStorage; } catch (e) { return null; }
  }

  function key(form) { return PREFIX + form.getAttribute("action"); }

  function contents(form) {
    var pairs = [];
    new FormData(form).forEach(function (value, name) {
      if (typeof value === "string" && ["token", "version", "base"].indexOf(name) < 0) { pairs.push([name, value]); }
    });
    return pairs;
  }

  function same(a, b) { return JSON.stringify(a) === JSON.stringify(b); }

  function fill(form, pairs) {
    var left = {};
    pairs.forEach(function (pair) { (left[pair[0]] = left[pair[0]] || []).push(pair[1]); });
    Array.from(form.elements).forEach(function (field) {
      if (!field.name || ["token", "version", "base"].indexOf(field.name) >= 0 || field.type === "submit") { return; }
      var values = left[field.name] || [];
      if (field.type === "checkbox" || field.type === "radio") {
        field.checked = values.indexOf(field.value) >= 0;
      } else if (values.length) {
        field.value = values[values.length > 1 && field.type === "hidden" ? 0 : values.length - 1];
      }
    });
    form.dispatchEvent(new CustomEvent("filled"));
  }

  function tell(form, words, choices) {
    var box = form.querySelector("[data-kept]");
    box.textContent = words;
    (choices || []).forEach(function (choice) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = choice[0];
      button.addEventListener("click", choice[1]);
      box.append(" ", button);
    });
    box.hidden = !words;
  }

  function keepDrafts(form) {
    var store = shelf(form), began = contents(form), timer = null;
    if (!store) { return; }
    var kept = null;
    try { kept = JSON.parse(store.getItem(key(form))); } catch (e) { kept = null; }
    if (kept && !same(kept.pairs, began) && !document.querySelector(".message.wrong")) {
      var when = new Date(kept.at), other = kept.version !== form.dataset.version;
      tell(form, when.getMonth() + 1 + "月" + when.getDate() + "日 " + when.getHours() + ":" + String(when.getMinutes()).padStart(2, "0") +
        "に書きかけた内容が、この端末に残っています。" + (other ? "そのあとに記録が変わっています。" : ""), [
        ["書きかけに戻す", function () { fill(form, kept.pairs); tell(form, "書きかけに戻しました。まだ保存していません。"); }],
        ["捨てる", function () { store.removeItem(key(form)); tell(form, ""); }]
      ]);
    }
    var keep = function () {
      var now = contents(form);
      if (same(now, began)) { store.removeItem(key(form)); return; }
      store.setItem(key(form), JSON.stringify({ at: Date.now(), version: form.dataset.version, pairs: now }));
    };
    var soon = function () { clearTimeout(timer); timer = setTimeout(keep, 300); };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    form.addEventListener("submit", function (e) { send(e, form, store, keep); });
  }

  /* The form goes out through fetch, so that a lost connection loses nothing. */
  function send(e, form, store, keep) {
    e.preventDefault();
    keep();
    var button = e.submitter, body = new FormData(form);
    if (button && button.name) { body.append(button.name, button.value); }
    form.querySelectorAll(".saving button").forEach(function (each) { each.disabled = true; });
    tell(form, "保存しています…");
    fetch(form.action, { method: "POST", body: new URLSearchParams(body), headers: { Accept: "text/html" } }).then(function (response) {
      if (response.redirected && /\/sign-in/.test(response.url) || response.status === 401) { throw new Error("signed out"); }
      if (response.redirected) {
        store.removeItem(key(form));
        location.assign(response.url);
        return null;
      }
      return response.text().then(show);
    }).catch(function (error) {
      form.querySelectorAll(".saving button").forEach(function (each) { each.disabled = false; });
      if (error.message === "signed out") {
        tell(form, "サインインの時間が切れました。書いたものはこの端末に残っています。別の画面でサインインしてから、もう一度保存してください。", [
          ["サインインの画面を開く", function () { window.open(location.href, "_blank", "noopener"); }]]);
      } else {
        tell(form, "つながりません。書いたものはこの端末に残っています。つながってから、もう一度保存してください。");
      }
      form.querySelector("[data-kept]").scrollIntoView({ block: "center" });
    });
  }

  function show(html) {
    document.open();
    document.write(html);
    document.close();
  }

  document.querySelectorAll("form.record[data-keep]").forEach(keepDrafts);

  document.querySelectorAll("[data-leaves]").forEach(function (button) {
    button.addEventListener("click", function () {
      try {
        Object.keys(localStorage).filter(function (k) { return k.indexOf(PREFIX) === 0; })
          .forEach(function (k) { localStorage.removeItem(k); });
        sessionStorage.clear();
      } catch (e) { /* a browser without storage has nothing to forget */ }
    });
  });

  var wrong = document.querySelector("[data-focus]");
  if (wrong) { wrong.focus(); }
})();
