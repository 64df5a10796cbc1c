// SPDX-License-Identifier: Apache-2.0
"use strict";

/** The text of a packed library. */
async function unpacked(name) {
  const packed = atob(document.getElementById(`packed-${name}`).textContent);
  const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

/** In front of the page's own, so that its style goes before that of a library. */
function add(tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  document.head.prepend(element);
}

async function drawPictures() {
  add("script", await unpacked("plotly"));
  // No button that leaves the page: plotly has one that sends the data away.
  const modeBarButtons = [["zoom2d", "pan2d", "zoomIn2d", "zoomOut2d", "resetScale2d"]];
  for (const plot of document.querySelectorAll(".plot")) {
    const figure = JSON.parse(document.getElementById(`${plot.id}-data`).textContent);
    await Plotly.newPlot(plot, figure.data, figure.layout, {
      displayModeBar: plot.classList.contains("treemap") ? false : "hover",
      displaylogo: false,
      modeBarButtons,
      responsive: true,
      showSendToCloud: false,
    });
  }
}

async function sortTables() {
  add("style", await unpacked("datatables-style"));
  const code = new Blob([await unpacked("datatables")], { type: "text/javascript" });
  const { default: DataTable } = await import(URL.createObjectURL(code));
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const follow = () => document.documentElement.classList.toggle("dark", dark.matches);
  dark.addEventListener("change", follow);
  follow();
  for (const table of document.querySelectorAll("table.sortable")) {
    new DataTable(table, {
      autoWidth: false,
      info: false,
      layout: { topStart: "search", topEnd: null, bottomStart: null, bottomEnd: null },
      order: [],
      paging: false,
    });
  }
  for (const frame of document.querySelectorAll(".dt-layout-full:has(> table)")) {
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", frame.querySelector("caption").textContent);
  }
}

drawPictures();
sortTables();
