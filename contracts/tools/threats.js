// Fails when test/THREATS.md names a test that its file does not have.
"use strict";
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..");
const rows = fs.readFileSync(path.join(root, "test/THREATS.md"), "utf8").split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .filter((cells) => cells.length === 6 && /^test(Fuzz)?_|^invariant_/.test(cells[3]));
const missing = rows.filter(([, , , test, file]) => {
    const source = path.join(root, file);
    return !fs.existsSync(source) || !new RegExp(`function ${test}\\(`).test(fs.readFileSync(source, "utf8"));
});
for (const [, rule, , test, file] of missing) {
    console.error(`THREATS.md: rule ${rule}: ${file} has no ${test}`);
}
console.log(`${rows.length} rows, ${missing.length} missing`);
process.exit(missing.length === 0 && rows.length > 0 ? 0 : 1);
