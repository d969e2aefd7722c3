// Writes or checks the storage layouts in layouts/: `node tools/layouts.js` compares, `node tools/layouts.js --accept` writes.
// A layout is one line per variable or struct member: slot, offset, name, type. Run `forge build` first.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..");
const compiled = ["Layouts.sol", "MarketLayouts.sol"].map((source) => path.join(root, "out", source));
const folder = path.join(root, "layouts");

// The compiler numbers types by their place in the sources, which says nothing about the layout.
const plain = (type) => type.replace(/\)\d+/g, ")");

function describe(layout) {
    const lines = [];
    const seen = new Set();
    const queue = [];
    const note = (type) => {
        const known = layout.types[type];
        if (!known || seen.has(type)) return;
        seen.add(type);
        if (known.key) note(known.key);
        if (known.value) note(known.value);
        if (known.base) note(known.base);
        if (known.members) queue.push(type);
    };
    for (const variable of layout.storage) note(variable.type);
    while (queue.length > 0) {
        const type = queue.shift();
        lines.push(`${plain(type)}, ${layout.types[type].numberOfBytes} bytes`);
        for (const member of layout.types[type].members) {
            lines.push(`  ${member.slot}:${member.offset} ${member.label} ${plain(member.type)}`);
            note(member.type);
        }
    }
    return lines.join("\n") + "\n";
}

let failed = false;
fs.mkdirSync(folder, { recursive: true });
for (const file of compiled.flatMap((source) => fs.readdirSync(source).map((name) => path.join(source, name))).sort()) {
    const name = path.basename(file, ".json").replace(/Layout$/, "");
    const layout = JSON.parse(fs.readFileSync(file, "utf8")).storageLayout;
    const text = describe({ storage: layout.storage, types: layout.types ?? {} });
    const target = path.join(folder, `${name}.txt`);
    if (process.argv.includes("--accept")) {
        fs.writeFileSync(target, text);
    } else if (!fs.existsSync(target) || fs.readFileSync(target, "utf8") !== text) {
        console.error(`${name}: the storage layout differs from layouts/${name}.txt. Only append; then accept with: node tools/layouts.js --accept`);
        failed = true;
    }
}
process.exitCode = failed ? 1 : 0;
