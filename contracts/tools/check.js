// Everything about the contracts that is no test: formatting, lints, sizes, storage layouts, tables. Each check runs, whatever the others say.
"use strict";
const path = require("node:path");
const { spawnSync } = require("node:child_process");
const { forge } = require("./foundry.js");

const tool = (name) => [process.execPath, [path.join(__dirname, name)]];
const checks = [
    [forge, ["fmt", "--check"]],
    // Its compiler run leaves out what a test needs: in a cache of its own it spoils no other.
    [forge, ["lint"], { FOUNDRY_OUT: "cache/lint/out", FOUNDRY_CACHE_PATH: "cache/lint" }],
    [forge, ["build", "--sizes"]],
    tool("layouts.js"),
    tool("surface.js"),
    tool("threats.js"),
    tool("trees.js"),
    tool("errors.js"),
];
let failed = false;
for (const [program, args, environment] of checks) {
    const run = spawnSync(program, args, { cwd: path.join(__dirname, ".."), encoding: "utf8", maxBuffer: 1 << 28, env: { ...process.env, ...environment } });
    if (run.error) throw run.error;
    if (run.status === 0) continue;
    failed = true;
    console.error(`failed: ${path.basename(program)} ${args.join(" ")}\n${run.stdout}${run.stderr}`);
}
process.exitCode = failed ? 1 : 0;
