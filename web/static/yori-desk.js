/* The desk: what somebody has half written is kept on this device until it is saved. */
"use strict";
var Yori = window.Yori || {};

(function () {
  var PREFIX = "yori-draft:", MOST = 3, NOT_KEPT = ["token", "version", "base", "voice"];
  var account = document.currentScript.dataset.account || "", visit = String(Date.now());

  document.documentElement.classList.add("scripted");

  /* People's data is kept only as long as the tab is open; other drafts as long as needed. */
  function shelf(form) {
    try { return (form.dataset.keep || form.dataset.settles) === "session" ? sessionStorage : localStorage; } catch (e) { return null; }
  }

  /* A draft belongs to whoever wrote it: on a tablet that goes round, nobody is offered another's. */
  function key(form) { return PREFIX + account + ":" + form.getAttribute("action"); }

  function forgetOthers() {
    try {
      [localStorage, sessionStorage].forEach(function (store) {
        Object.keys(store).forEach(function (name) {
          if (name.indexOf(PREFIX) === 0 && name.indexOf(PREFIX + account + ":") !== 0) { store.removeItem(name); }
        });
      });
    } catch (e) { /* a browser without storage has nothing to forget */ }
  }

  function contents(form) {
    var pairs = [];
    new FormData(form).forEach(function (value, name) {
      if (typeof value === "string" && NOT_KEPT.indexOf(name) < 0) { pairs.push([name, value]); }
    });
    return pairs;
  }

  function same(a, b) { return JSON.stringify(a) === JSON.stringify(b); }

  function fill(form, pairs) {
    var left = {};
    pairs.forEach(function (pair) { (left[pair[0]] = left[pair[0]] || []).push(pair[1]); });
    Array.from(form.elements).forEach(function (field) {
      if (!field.name || NOT_KEPT.indexOf(field.name) >= 0 || field.type === "submit") { return; }
      var values = left[field.name] || [];
      if (field.type === "checkbox" || field.type === "radio") {
        field.checked = values.indexOf(field.value) >= 0;
      } else if (values.length) {
        field.value = values[values.length > 1 && field.type === "hidden" ? 0 : values.length - 1];
      }
    });
    form.dispatchEvent(new CustomEvent("filled"));
  }

  /* What was read when it was written: whoever has saved meanwhile is met by both versions. */
  function takeUp(form, draft) {
    fill(form, draft.pairs);
    form.elements.version.value = draft.version;
    form.elements.base.value = draft.base;
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

  function draftOf(form) {
    return { visit: visit, at: Date.now(), version: form.elements.version.value, base: form.elements.base.value, pairs: contents(form) };
  }

  function drafts(form, store) {
    try { return JSON.parse(store.getItem(key(form))) || []; } catch (e) { return []; }
  }

  function put(form, store, list) {
    if (list.length) { store.setItem(key(form), JSON.stringify(list.slice(-MOST))); } else { store.removeItem(key(form)); }
  }

  function clock(at) {
    var when = new Date(at);
    return when.getMonth() + 1 + "月" + when.getDate() + "日 " + when.getHours() + ":" + String(when.getMinutes()).padStart(2, "0");
  }

  /* Drafts of earlier visits are offered; until somebody has answered, none of them is written over. */
  function offer(form, store, began) {
    var old = drafts(form, store).filter(function (each) { return each.visit !== visit && !same(each.pairs, began); });
    if (!old.length || document.querySelector(".message.wrong")) { return; }
    var newer = old.some(function (each) { return each.version !== form.elements.version.value; });
    var choices = old.slice().reverse().map(function (each) {
      return [(old.length > 1 ? clock(each.at) + "の" : "") + "書きかけに戻す", function () {
        var typed = draftOf(form);
        takeUp(form, each);
        tell(form, "書きかけに戻しました。まだ保存していません。", [["戻す前の内容にする", function () { takeUp(form, typed); tell(form, ""); }]]);
      }];
    });
    choices.push(["捨てる", function () {
      put(form, store, drafts(form, store).filter(function (each) { return each.visit === visit; }));
      tell(form, "");
    }]);
    tell(form, clock(old[old.length - 1].at) + "に書きかけた内容が、この端末に残っています。" +
      (newer ? "そのあとに記録が変わっています。保存のときに、両方の内容を見て選べます。" : ""), choices);
  }

  function keepDrafts(form) {
    var store = shelf(form), began = contents(form), timer = null;
    if (!store) { return; }
    offer(form, store, began);
    var keep = function () {
      var others = drafts(form, store).filter(function (each) { return each.visit !== visit; });
      put(form, store, same(contents(form), began) ? others : others.concat(draftOf(form)));
    };
    var soon = function () { clearTimeout(timer); timer = setTimeout(keep, 300); };
    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    form.addEventListener("submit", function (e) { clearTimeout(timer); keep(); submit(e, form, store); });
  }

  /* The form goes out through fetch, so that a lost connection loses nothing. */
  function submit(e, form, store) {
    e.preventDefault();
    var button = e.submitter;
    form.querySelectorAll(".saving button").forEach(function (each) { each.disabled = true; });
    tell(form, "保存しています…");
    send(form, button).then(function (response) {
      if (response.status !== 403) { return response; }
      return freshToken(form).then(function (changed) { return changed ? send(form, button) : response; });
    }).then(function (response) {
      if (response.redirected) {
        if (store) { store.removeItem(key(form)); }
        location.assign(response.url);
        return null;
      }
      return response.text().then(show);
    }).catch(function (error) { stay(form, error); });
  }

  function send(form, button) {
    var body = new FormData(form);
    if (button && button.name) { body.append(button.name, button.value); }
    return fetch(form.action, { method: "POST", body: new URLSearchParams(body), headers: { Accept: "text/html" } }).then(function (response) {
      if (response.redirected && /\/sign-in/.test(response.url) || response.status === 401) { throw new Error("signed out"); }
      return response;
    });
  }

  /* Whoever signed in again in another tab has a new token; whoever else did may not save this. */
  function freshToken(form) {
    return fetch(form.dataset.session, { headers: { Accept: "application/json" } }).then(function (response) {
      if (!response.ok) { throw new Error("signed out"); }
      return response.json();
    }).then(function (session) {
      if (session.name !== form.dataset.member) { throw new Error("somebody else"); }
      var changed = session.form_token !== form.elements.token.value;
      form.elements.token.value = session.form_token;
      return changed;
    });
  }

  function stay(form, error) {
    form.querySelectorAll(".saving button").forEach(function (each) { each.disabled = false; });
    if (error.message === "signed out") {
      tell(form, "サインインの時間が切れました。書いたものはこの端末に残っています。別の画面でサインインしてから、もう一度保存してください。", [
        ["サインインの画面を開く", function () { window.open(location.href, "_blank", "noopener"); }]]);
    } else if (error.message === "refused") {
      tell(form, "保存していません。" + error.told + "書いたものは、この画面に残っています。");
    } else if (error.message === "somebody else") {
      tell(form, "この端末では、いま別の人がサインインしています。" + form.dataset.member + "さんでサインインし直してから、もう一度保存してください。");
    } else {
      tell(form, "つながりません。書いたものはこの端末に残っています。つながってから、もう一度保存してください。");
    }
    form.querySelector("[data-kept]").scrollIntoView({ block: "center" });
  }

  /* A page with the form in it takes the place of this one; any other is told beside the form. */
  function show(html) {
    var page = new DOMParser().parseFromString(html, "text/html");
    if (!page.querySelector("form[data-keep], form[data-settles]")) {
      var said = Array.from(page.querySelectorAll("main h1, main p")).filter(function (each) { return !each.querySelector("a"); });
      throw Object.assign(new Error("refused"), { told: said.map(function (each) { return each.textContent.trim().replace(/。?$/, "。"); }).join("") });
    }
    document.open();
    document.write(html);
    document.close();
  }

  if (account) { forgetOthers(); }
  document.querySelectorAll("form.record[data-keep]").forEach(keepDrafts);

  /* Both versions have been looked at: what was half written before is settled with them. */
  document.querySelectorAll("form[data-settles]").forEach(function (form) {
    form.addEventListener("submit", function (e) { submit(e, form, shelf(form)); });
  });

  document.querySelectorAll("[data-leaves]").forEach(function (button) {
    button.addEventListener("click", function () {
      try {
        Object.keys(localStorage).filter(function (k) { return k.indexOf(PREFIX) === 0; })
          .forEach(function (k) { localStorage.removeItem(k); });
        sessionStorage.clear();
      } catch (e) { /* a browser without storage has nothing to forget */ }
    });
  });

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.addEventListener("click", function () { window.print(); });
  });

  var wrong = document.querySelector("[data-focus]");
  if (wrong) { wrong.focus(); }
})();
