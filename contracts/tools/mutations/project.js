// The copy of the project in which every guard has a switch or a mark; forge keeps its cache there, so only what changed is compiled again.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const crypto = require("node:crypto");
const { guardsOf, modifiersOf, viewInsteadOfPure, withMarks, withSwitches } = require("./guards.js");

const OWN_LIBRARY = "src/rewritten/ReentrancyGuardTransient.sol";
const MARKS = "src/rewritten/Marks.sol";
const GUARD_LIBRARY = "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

function filesBelow(folder) {
    return fs.readdirSync(folder, { withFileTypes: true })
        .flatMap((entry) => (entry.isDirectory() ? filesBelow(path.join(folder, entry.name)) : [path.join(folder, entry.name)]))
        .sort();
}

/** All guards of all sources, numbered from 1. */
function allGuards(root) {
    const sources = filesBelow(path.join(root, "src")).map((file) => ({ file: path.relative(root, file), text: fs.readFileSync(file, "utf8") }));
    const modifiers = new Set(sources.flatMap(({ text }) => Object.keys(modifiersOf(text))));
    let next = 1;
    return sources.map((source) => {
        const seen = new Map();
        const guards = guardsOf(source.text, modifiers).map((guard, index) => {
            const times = (seen.get(guard.what) ?? 0) + 1;
            seen.set(guard.what, times);
            return { ...guard, id: next + index, file: source.file, key: `${source.file}|${guard.what}|${times}` };
        });
        next += guards.length;
        return { ...source, guards };
    });
}

function write(file, text) {
    if (fs.existsSync(file) && fs.readFileSync(file, "utf8") === text) return;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
}

/** A switch in each guard: it is gone while the block's coinbase is its number. */
const SWITCHES = {
    source: (file, text, guards) => withSwitches(text, guards),
    reentrancy: [
        "if (block.coinbase != address(id)) _nonReentrantBefore();",
        "_;",
        "if (block.coinbase != address(id)) _nonReentrantAfter();",
    ],
    files: {},
};

/** A mark in each guard, written into a file: what is written stays when the call is reverted. */
const MARKERS = {
    source: (file, text, guards) => withMarks(text, guards, relative(file, MARKS)),
    reentrancy: ["entered(id); _nonReentrantBefore(); passed(id);", "_;", "_nonReentrantAfter();"],
    import: 'import {entered, passed} from "./Marks.sol";',
    files: { [MARKS]: fs.readFileSync(path.join(__dirname, "Marks.sol"), "utf8"), "marks/.keep": "" },
};

function relative(file, other) {
    const found = path.relative(path.dirname(file), other);
    return found.startsWith(".") ? found : `./${found}`;
}

/** Writes the copy and returns its folder and a hash of everything that the outcome depends on. */
function writeProject(root, work, sources, style = SWITCHES) {
    const copy = path.join(work, "project");
    fs.mkdirSync(copy, { recursive: true });
    const wanted = new Set();
    const hash = crypto.createHash("sha256");
    const put = (name, text) => {
        wanted.add(path.join(copy, name));
        hash.update(`${name}\0${text}\0`);
        write(path.join(copy, name), text);
    };

    for (const { file, text, guards } of sources) {
        put(file, style.source(file, text, guards).replace(`"${GUARD_LIBRARY}"`, `"${relative(file, OWN_LIBRARY)}"`));
    }
    for (const [file, text] of Object.entries(style.files)) put(file, text);
    for (const file of filesBelow(path.join(root, "test"))) {
        const name = path.relative(root, file);
        const text = fs.readFileSync(file, "utf8");
        // The cheat codes stay as they are: they are forge's.
        put(name, file.endsWith(".sol") && !file.endsWith("Vm.sol") ? viewInsteadOfPure(text) : text);
    }
    for (const folder of ["tools", "snapshots"]) {
        for (const file of filesBelow(path.join(root, folder))) put(path.relative(root, file), fs.readFileSync(file, "utf8"));
    }
    const library = fs.readFileSync(path.join(root, "node_modules", GUARD_LIBRARY), "utf8");
    put(OWN_LIBRARY, library
        .replace("modifier nonReentrant() {", [
            "modifier nonReentrantOf(uint160 id) {",
            ...style.reentrancy.map((line) => `        ${line}`),
            "    }",
            "",
            "    modifier nonReentrant() {",
        ].join("\n"))
        .replace(/^pragma solidity[^;]*;/m, (pragma) => `${pragma}\n${style.import ?? ""}`)
        .replace(/"\.\/(?!Marks)/g, '"@openzeppelin/contracts/utils/'));
    const settings = fs.readFileSync(path.join(root, "foundry.toml"), "utf8")
        .replace('deny = "warnings"', 'deny = "never"\ncode_size_limit = 1000000')
        .replace("fs_permissions = [", 'fs_permissions = [{ access = "read-write", path = "./marks/" }, ');
    put("foundry.toml", settings);

    for (const folder of ["src", "test"]) {
        for (const file of filesBelow(path.join(copy, folder))) {
            if (!wanted.has(file)) fs.rmSync(file);
        }
    }
    const modules = path.join(copy, "node_modules");
    if (!fs.existsSync(modules)) fs.symlinkSync(path.join(root, "node_modules"), modules);
    fs.chmodSync(path.join(copy, "tools", "solc"), 0o755);
    return { copy, state: hash.digest("hex").slice(0, 16) };
}

module.exports = { MARKERS, allGuards, writeProject };
