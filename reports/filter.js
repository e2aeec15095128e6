// The only script of the page: narrows the table of evidence. Without it the table stands whole and no control shows.
(function () {
  "use strict";
  var control = document.getElementById("filter");
  var table = document.getElementById("evidence-table");
  if (!control || !table) return;
  var words = document.getElementById("filter-words");
  var chosen = [document.getElementById("filter-kind"), document.getElementById("filter-strength")];
  var told = document.getElementById("filter-told");
  var rows = Array.prototype.slice.call(table.tBodies[0].rows);
  var texts = rows.map(function (row) { return row.textContent.toLowerCase(); });

  function apply() {
    var wanted = words.value.toLowerCase().split(/\s+/);
    var shown = 0;
    rows.forEach(function (row, at) {
      var fits = wanted.every(function (word) { return texts[at].indexOf(word) >= 0; }) &&
        chosen.every(function (list) { return !list.value || row.getAttribute(list.getAttribute("data-of")) === list.value; });
      row.hidden = !fits;
      if (fits) shown += 1;
    });
    told.textContent = shown + " of " + rows.length + " shown";
  }
  function reset() {
    words.value = "";
    chosen.forEach(function (list) { list.value = ""; });
    apply();
  }
  // a citation leads to its row even when the filter hides it
  window.addEventListener("hashchange", function () {
    var row = document.getElementById(location.hash.slice(1));
    if (row && row.hidden) { reset(); row.scrollIntoView(); }
  });
  words.addEventListener("input", apply);
  chosen.forEach(function (list) { list.addEventListener("change", apply); });
  document.getElementById("filter-reset").addEventListener("click", function () { reset(); words.focus(); });
  control.hidden = false;
  apply();
})();
