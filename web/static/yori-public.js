/* Pages for residents: larger letters, kept on this device and nowhere else. Without scripts the same link asks the
   server (?large=1). */
"use strict";

(function () {
  var page = document.querySelector(".public-page"), link = document.querySelector("[data-larger]"), KEY = "yori-large";
  if (!page || !link) { return; }

  function kept() { try { return localStorage.getItem(KEY); } catch (e) { return null; } }

  function keep(large) { try { localStorage.setItem(KEY, large ? "1" : "0"); } catch (e) { /* private window: this page only */ } }

  function show(large) {
    page.classList.toggle("large", large);
    link.textContent = large ? "文字をもとの大きさに" : "文字を大きく";
  }

  link.addEventListener("click", function (e) {
    var large = !page.classList.contains("large");
    e.preventDefault();
    keep(large);
    show(large);
  });
  if (page.classList.contains("large")) { keep(true); }
  show(kept() === "1");
})();
