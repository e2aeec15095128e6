// Shows, sorts and filters the models. The rows stand in parts: blocks of JSON in this page, or scripts beside it, which a
// page may load without a server. Parts are read when they are needed; words of strangers are only ever set as text.
(function () {
  "use strict";
  var about = JSON.parse(document.getElementById("about").textContent);
  var PER_PAGE = 100, MOST_KEPT = 24;
  var kept = {}, order = [], waiting = {};
  var M = 0, AUDIT = 1, PROBLEM = 2, CLASS = 3, LICENCE = 4, FAMILY = 5, DECLARED = 6, LOW = 7, HIGH = 8, LEVELS = 9,
    POLICY = 10, VIOLATED = 11, UNKNOWN = 12, ERRORS = 13, WARNINGS = 14, NOTES = 15, HELD = 16, ALONE = 17, WAY = 18,
    CHANGE = 19, DOWNLOADS = 20, COMMIT = 21, PINNED = 22, GATED = 23;
  var NAMES = { o: "open", p: "partial", c: "closed", u: "unknown", n: "not-applicable" };
  var SAID = { o: "open", p: "partial", c: "closed", u: "not determined", n: "not applicable" };
  var CRITERIA = ["Data", "Weights", "Evaluation code", "Fine-tuning code", "Metrics"];
  var POLICIES = ["", "met", "violated", "no verdict"];
  function el(id) { return document.getElementById(id); }
  var table = el("table"), body = table.tBodies[0], told = el("told");
  var words = el("words"), picks = [["by-terms", terms], ["by-policy", policy], ["by-way", way]].filter(function (p) { return el(p[0]); });
  var state = { page: 0, key: "", down: false, run: 0, found: null, busy: false };

  function keep(at, rows) {
    kept[at] = rows;
    order.push(at);
    while (order.length > MOST_KEPT) delete kept[order.shift()];
  }
  window.modelauditRows = function (at, rows) {
    keep(at, rows);
    (waiting[at] || []).forEach(function (go) { go(kept[at]); });
    delete waiting[at];
  };
  // reads one part; `go` is called with its rows, or with null where they are not to be had
  function part(at, go) {
    if (kept[at]) return go(kept[at]);
    if (!about.beside) {
      keep(at, JSON.parse(el("rows-" + at).textContent));
      return go(kept[at]);
    }
    if (waiting[at]) return waiting[at].push(go);
    waiting[at] = [go];
    var script = document.createElement("script");
    script.src = about.beside + "/" + String(at).padStart(5, "0") + ".js";
    script.onload = function () { script.remove(); };
    script.onerror = function () {
      script.remove();
      var those = waiting[at] || [];
      delete waiting[at];
      those.forEach(function (one) { one(null); });
    };
    document.head.appendChild(script);
  }

  function terms(row) { return row[PROBLEM] ? "-" : about.terms[row[CLASS]]; }
  function policy(row) { return String(row[POLICY]); }
  function way(row) { return row[WAY] || ""; }
  function names(list, of) { return (list || []).map(function (n) { return of[n]; }); }
  function text(row) {
    return [row[M], row[PROBLEM] || "", row[PROBLEM] ? "" : about.titles[row[CLASS]], row[LICENCE] || "",
      about.families[row[FAMILY]] || "", row[DECLARED] || "", names(row[ERRORS], about.rules).join(" "),
      names(row[WARNINGS], about.rules).join(" "), (row[HELD] || []).join(" "), row[GATED] === 1 ? "gated" : "", row[CHANGE] || ""].join(" ").toLowerCase();
  }
  var TOKENS = {
    base: function (row, value) { return has(row[HELD], value); },
    only: function (row, value) { return row[ALONE] === 1 && has(row[HELD], value); },
    rule: function (row, value) { return has(names([].concat(row[ERRORS] || [], row[WARNINGS] || [], row[NOTES] || []), about.rules), value); },
    violates: function (row, value) { return has(names(row[VIOLATED], about.clauses), value); },
    unknown: function (row, value) { return has(names(row[UNKNOWN], about.clauses), value); },
    class: function (row, value) { return !row[PROBLEM] && about.classes[row[CLASS]] === value; },
    family: function (row, value) { return !row[PROBLEM] && about.families_[row[FAMILY]] === value; }
  };
  function has(list, value) { return (list || []).some(function (one) { return String(one).toLowerCase() === value; }); }
  // takes `base:"a name with blanks"` as one
  function asked() {
    var found = words.value.toLowerCase().match(/[a-z]+:"[^"]*"|\S+/g) || [];
    return found.map(function (word) {
      var at = word.indexOf(":"), name = word.slice(0, at), value = word.slice(at + 1).replace(/^"|"$/g, "");
      if (at > 0 && Object.prototype.hasOwnProperty.call(TOKENS, name)) return function (row) { return TOKENS[name](row, value); };
      return function (row, all) { return all().indexOf(word) >= 0; };
    });
  }
  function filters() {
    var wanted = asked();
    var chosen = picks.filter(function (p) { return el(p[0]).value; }).map(function (p) { return [p[1], el(p[0]).value]; });
    if (!wanted.length && !chosen.length) return null;
    return function (row) {
      var said = null;
      function all() { return said === null ? said = text(row) : said; }
      return chosen.every(function (c) { return c[0](row) === c[1]; }) && wanted.every(function (w) { return w(row, all); });
    };
  }
  var KEYS = {
    model: function (r) { return r[M].toLowerCase(); },
    class: function (r) { return r[PROBLEM] ? null : about.titles[r[CLASS]]; },
    license: function (r) { return r[PROBLEM] ? null : (r[LICENCE] || "").toLowerCase(); },
    score: function (r) { return r[PROBLEM] ? null : r[LOW] * 1000 + r[HIGH]; },
    levels: function (r) { return r[PROBLEM] ? null : r[LEVELS].split("").reduce(function (n, l) { return n + { o: 2, p: 1 }[l] || n; }, 0); },
    policy: function (r) { return r[PROBLEM] ? null : [9, 3, 1, 2][r[POLICY]]; },
    findings: function (r) { return r[PROBLEM] ? null : (r[ERRORS] || []).length * 1000 + (r[WARNINGS] || []).length; },
    held: function (r) { return (r[HELD] || []).length ? r[HELD].join(" ").toLowerCase() : null; },
    change: function (r) { return r[WAY] ? ["worse", "unknown", "better", "neutral"].indexOf(r[WAY]) : null; },
    downloads: function (r) { return r[DOWNLOADS]; }
  };
  function ordered(a, b) {
    if (a[0] === b[0]) return a[1] - b[1] || a[2] - b[2];
    if (a[0] === null) return 1; // what has no answer comes last, whichever way
    if (b[0] === null) return -1;
    return (a[0] < b[0] ? -1 : 1) * (state.down ? -1 : 1);
  }

  // goes through all parts, one after the other, and gathers where the rows stand that fit
  function search() {
    var fits = filters(), key = KEYS[state.key] || null, run = ++state.run, found = [];
    state.page = 0;
    if (!fits && !key) { state.found = null; state.busy = false; return show(); }
    state.busy = true;
    (function next(at) {
      if (run !== state.run) return;
      if (at === about.parts) {
        if (key) found.sort(ordered);
        state.found = found;
        state.busy = false;
        return show();
      }
      part(at, function (rows) {
        if (run !== state.run) return;
        if (!rows) return missing();
        for (var i = 0; i < rows.length; i++) if (!fits || fits(rows[i])) found.push([key ? key(rows[i]) : 0, at, i]);
        if (at % 4 === 3) {
          told.textContent = "looking: " + Math.round(100 * at / about.parts) + " %";
          setTimeout(function () { next(at + 1); }, 0);
        } else next(at + 1);
      });
    })(0);
  }
  function missing() {
    state.busy = false;
    told.textContent = "The rows are in the folder “" + about.beside + "”, which is not beside this page.";
  }
  function count() { return state.found ? state.found.length : about.models; }
  function place(n) { return state.found ? state.found[n] : [0, Math.floor(n / about.size), n % about.size]; }

  function show() {
    var first = state.page * PER_PAGE, last = Math.min(count(), first + PER_PAGE), run = state.run, rows = [];
    (function next(n) {
      if (run !== state.run || first !== state.page * PER_PAGE) return;
      if (n === last) {
        body.textContent = "";
        rows.forEach(function (row) { body.appendChild(line(row)); });
        var every = about.models.toLocaleString("en"), of = count() < about.models ? count().toLocaleString("en") + " of " + every : every;
        told.textContent = last ? (first + 1).toLocaleString("en") + " to " + last.toLocaleString("en") + " of " + of + " models" : "none of " + about.models.toLocaleString("en") + " models";
        el("before").disabled = state.page === 0;
        el("after").disabled = last >= count();
        return;
      }
      var at = place(n);
      part(at[1], function (found) {
        if (!found) return missing();
        rows.push(found[at[2]]);
        next(n + 1);
      });
    })(first);
  }

  function make(tag, name, said) {
    var made = document.createElement(tag);
    if (name) made.className = name;
    if (said !== undefined && said !== null) made.textContent = said;
    return made;
  }
  function link(address, said) {
    var made = make("a", "", null);
    made.href = address;
    made.rel = "noopener noreferrer nofollow";
    made.appendChild(make("bdi", "", said));
    return made;
  }
  function glyph(letter, said) {
    var space = "http://www.w3.org/2000/svg", svg = document.createElementNS(space, "svg"), use = document.createElementNS(space, "use"), title = document.createElementNS(space, "title");
    svg.setAttribute("class", "glyph " + NAMES[letter]);
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", said);
    title.textContent = said;
    use.setAttribute("href", "#g-" + NAMES[letter]);
    svg.appendChild(title);
    svg.appendChild(use);
    return svg;
  }
  function path(name) { return name.split("/").map(encodeURIComponent).join("/"); }
  var CELLS = {
    model: function (row) {
      var cell = make("th", "name"), hub = about.hub && /^[\w.-]+(\/[\w.-]+)?$/.test(row[M]) ? "https://huggingface.co/" + path(row[M]) + (row[COMMIT] ? "/tree/" + row[COMMIT] : "") : "";
      cell.scope = "row";
      if (row[AUDIT]) cell.appendChild(link(about.base + path(row[AUDIT]), row[M]));
      else cell.appendChild(make("bdi", "", row[M]));
      if (row[PINNED]) cell.appendChild(make("span", "quiet", "at " + row[PINNED]));
      if (row[GATED] === 1) { cell.appendChild(document.createTextNode(" ")); cell.appendChild(make("span", "tag gate", "gated")); }
      if (hub) { var to = link(hub, "Hub"); to.setAttribute("aria-label", row[M] + " on the Hub"); to.className = "more"; cell.appendChild(document.createTextNode(" ")); cell.appendChild(to); }
      if (row[PROBLEM]) cell.appendChild(make("span", "quiet", "not audited: " + row[PROBLEM]));
      return cell;
    },
    class: function (row) { return make("td", "", row[PROBLEM] ? null : about.titles[row[CLASS]]); },
    license: function (row) {
      var cell = make("td", "terms-of");
      if (row[PROBLEM]) return cell;
      cell.appendChild(make("bdi", "", row[LICENCE] === "NONE" ? "No licence" : row[LICENCE] === "NOASSERTION" || !row[LICENCE] ? "Not determined" : row[LICENCE]));
      cell.appendChild(make("span", "quiet", about.families[row[FAMILY]] + (row[DECLARED] && row[DECLARED] !== row[LICENCE] && !(row[DECLARED] === "nothing" && row[LICENCE] === "NONE") ? "; declared: " + row[DECLARED] : "")));
      return cell;
    },
    score: function (row) { return make("td", "score", row[PROBLEM] ? null : row[LOW] === row[HIGH] ? String(row[LOW]) : row[LOW] + "–" + row[HIGH]); },
    levels: function (row) {
      var cell = make("td", "levels");
      if (!row[PROBLEM]) row[LEVELS].split("").forEach(function (l, n) { cell.appendChild(glyph(l, CRITERIA[n] + ": " + SAID[l])); });
      return cell;
    },
    policy: function (row) {
      var cell = make("td", "policy-of"), lines = [].concat(names(row[VIOLATED], about.clauses), names(row[UNKNOWN], about.clauses).map(function (c) { return c + "?"; }));
      if (row[PROBLEM]) return cell;
      if (row[POLICY]) { var tone = ["", "open", "closed", "unknown"][row[POLICY]], said = make("span", "state " + tone, POLICIES[row[POLICY]]); cell.appendChild(said); }
      if (lines.length) {
        cell.appendChild(make("span", "quiet", lines.slice(0, 3).join(", ") + (lines.length > 3 ? " and " + (lines.length - 3) + " more" : "")));
        cell.title = lines.join(", ");
      }
      return cell;
    },
    findings: function (row) {
      var cell = make("td", ""), e = (row[ERRORS] || []).length, w = (row[WARNINGS] || []).length;
      if (row[PROBLEM]) return cell;
      cell.textContent = [e ? e + (e > 1 ? " errors" : " error") : "", w ? w + (w > 1 ? " warnings" : " warning") : ""].filter(Boolean).join(", ") || "none";
      cell.title = names([].concat(row[ERRORS] || [], row[WARNINGS] || []), about.rules).join(", ");
      return cell;
    },
    held: function (row) {
      var cell = make("td", "held"), list = row[HELD] || [];
      list.slice(0, 3).forEach(function (name, n) { if (n) cell.appendChild(document.createTextNode(", ")); cell.appendChild(make("bdi", "", name)); });
      if (list.length > 3) cell.appendChild(document.createTextNode(" and " + (list.length - 3) + " more"));
      if (list.length) cell.appendChild(make("span", "quiet", row[ALONE] ? "nothing else does" : "among other reasons"));
      return cell;
    },
    change: function (row) {
      var cell = make("td", "changed");
      if (row[WAY]) { cell.appendChild(make("span", "way " + row[WAY], row[WAY])); cell.appendChild(make("span", "quiet", row[CHANGE])); }
      return cell;
    },
    downloads: function (row) { return make("td", "downloads", row[DOWNLOADS] === null ? null : row[DOWNLOADS].toLocaleString("en")); }
  };
  var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
  function line(row) {
    var made = make("tr", row[PROBLEM] ? "lost" : "");
    heads.forEach(function (head) {
      var cell = CELLS[head.dataset.key](row);
      if (cell.tagName === "TD") cell.dataset.of = head.dataset.said;
      made.appendChild(cell);
    });
    return made;
  }

  heads.forEach(function (head) {
    var button = make("button", "", head.textContent);
    button.type = "button";
    head.dataset.said = head.textContent;
    head.textContent = "";
    head.appendChild(button);
    button.addEventListener("click", function () {
      var key = head.dataset.key, numeric = { score: 1, levels: 1, findings: 1, downloads: 1 }[key];
      if (state.key !== key) { state.key = key; state.down = !!numeric; }
      else if (state.down === !!numeric) state.down = !state.down;
      else state.key = "";
      heads.forEach(function (one) { one.removeAttribute("aria-sort"); });
      if (state.key) head.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      search();
    });
  });
  var later = 0;
  words.addEventListener("input", function () { clearTimeout(later); later = setTimeout(search, about.parts > 4 ? 350 : 60); });
  picks.forEach(function (p) { el(p[0]).addEventListener("change", search); });
  el("controls").addEventListener("submit", function (event) { event.preventDefault(); search(); });
  function reset() { words.value = ""; picks.forEach(function (p) { el(p[0]).value = ""; }); }
  el("reset").addEventListener("click", function () { reset(); search(); words.focus(); });
  function turn(by) { state.page += by; show(); el("models").scrollIntoView(); }
  el("before").addEventListener("click", function () { turn(-1); });
  el("after").addEventListener("click", function () { turn(1); });
  Array.prototype.forEach.call(document.querySelectorAll(".pick"), function (one) {
    one.addEventListener("click", function () {
      var token = one.dataset.words, at = token.indexOf(":");
      reset();
      words.value = /\s/.test(token) ? token.slice(0, at + 1) + '"' + token.slice(at + 1) + '"' : token;
      search();
    });
  });
  el("controls").hidden = el("pager").hidden = el("hint").hidden = false;
  el("static").hidden = true;
  search();
})();
