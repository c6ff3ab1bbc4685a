/* Thirty slips in a row: the hands stay on the keyboard. */
"use strict";

(function () {
  var form = document.querySelector("[data-slip]");
  if (!form) { return; }
  var kinds = Array.from(form.querySelectorAll("[name=kind]")), sent = false;

  /* Where Enter goes: through the fields in their order, the kinds being one. */
  function stops() {
    var all = Array.from(form.querySelectorAll("select, input:not([type=hidden]):not([type=radio]), textarea"));
    var after = all.findIndex(function (each) { return each.name === "place_name"; });
    return all.slice(0, after).concat([kinds.find(function (each) { return each.checked; }) || kinds[0]], all.slice(after));
  }

  function onwards(from) {
    var all = stops(), at = from.name === "kind" ? all.findIndex(function (each) { return each.name === "kind"; }) : all.indexOf(from);
    if (at === all.length - 1) { form.requestSubmit(); return; }
    all[at + 1].focus();
  }

  form.addEventListener("keydown", function (e) {
    if (e.isComposing || e.keyCode === 229) { return; }  // Enter also ends a word in kana
    var target = e.target;
    if (e.key === "Enter" && target.tagName !== "BUTTON" && target.tagName !== "A" && !e.shiftKey) {
      e.preventDefault();
      if (e.ctrlKey || e.metaKey) { form.requestSubmit(); } else { onwards(target); }
    } else if (target.name === "kind" && /^[1-9]$/.test(e.key) && kinds[e.key - 1]) {
      e.preventDefault();
      kinds[e.key - 1].checked = true;
      onwards(kinds[e.key - 1]);
    }
  });
  form.addEventListener("submit", function (e) {
    if (sent) { e.preventDefault(); }  // a second Enter before the next slip is there
    sent = true;
  });
  window.addEventListener("pageshow", function () { sent = false; });

  var wrong = form.querySelector("[aria-invalid=true]"), first = form.querySelector("[data-first]");
  if (wrong) { wrong.focus(); } else if (first) { first.focus(); } else { kinds[0].focus(); }
})();
