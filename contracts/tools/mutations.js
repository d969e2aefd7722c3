// Takes guards away, one by one, and runs the tests each time: node tools/mutations.js [--seed S] [--guards N | --all] [--work FOLDER] [--list]
// The guards are drawn by the seed from all guards of all contracts. Results are kept per state of sources and tests, so a run that was broken off goes
// on where it stopped. The last line is `N passed, N failed`: passed are the guards whose removal turned a test red. See mutations/guards.js.
"use strict";
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const crypto = require("node:crypto");
const { spawnSync } = require("node:child_process");
const { forge: executable } = require("./foundry.js");
const { allGuards, writeProject } = require("./mutations/project.js");

// They compare gas and sizes, which the switches change.
const NOT_ABOUT_GUARDS = "Snapshot|FitsTheLimit|FitsOneTransaction";

const root = path.join(__dirname, "..");
const option = (name, fallback) => {
    const at = process.argv.indexOf(`--${name}`);
    return at < 0 ? fallback : process.argv[at + 1];
};
const seed = option("seed", "jeju");
const count = Number(option("guards", "40"));
const work = path.resolve(option("work", path.join(os.tmpdir(), "jeju-mutations")));

const sources = allGuards(root);
const guards = sources.flatMap((source) => source.guards);
const order = (guard) => crypto.createHash("sha256").update(`${seed}\0${guard.key}`).digest("hex");
const drawn = process.argv.includes("--all")
    ? guards
    : guards.map((guard) => ({ guard, rank: order(guard) })).sort((a, b) => (a.rank < b.rank ? -1 : 1)).slice(0, count).map(({ guard }) => guard);
const contracts = sources.filter((source) => source.guards.length > 0).length;
console.log(`seed ${seed}: ${drawn.length} of ${guards.length} guards in ${contracts} sources`);
if (process.argv.includes("--list")) {
    for (const guard of drawn) console.log(`${guard.file}:${guard.line} ${guard.what}`);
    process.exit(0);
}

const { copy, state } = writeProject(root, work, sources);
const resultsFile = path.join(work, "results", `${state}.json`);
fs.mkdirSync(path.dirname(resultsFile), { recursive: true });
const results = fs.existsSync(resultsFile) ? JSON.parse(fs.readFileSync(resultsFile, "utf8")) : {};
const keep = (key, value) => {
    results[key] = value;
    fs.writeFileSync(`${resultsFile}.next`, JSON.stringify(results, null, 1));
    fs.renameSync(`${resultsFile}.next`, resultsFile);
};

function forge(args, coinbase) {
    const run = spawnSync(executable, args, {
        cwd: copy,
        encoding: "utf8",
        maxBuffer: 1 << 28,
        env: { ...process.env, NO_COLOR: "1", ...(coinbase === undefined ? {} : { FOUNDRY_BLOCK_COINBASE: `0x${coinbase.toString(16).padStart(40, "0")}` }) },
    });
    if (run.error) throw run.error;
    return { ok: run.status === 0, text: `${run.stdout}\n${run.stderr}` };
}

/** Runs some of the tests; null when all pass, else the first that failed. */
function firstFailure(id, selection) {
    const { ok, text } = forge(["test", "--fail-fast", "--no-match-test", NOT_ABOUT_GUARDS, ...selection], id);
    if (ok) return null;
    // What it says in between may have several lines.
    const failed = /^\[FAIL[\s\S]*?\] ((?:test|invariant)\w*)\(/m.exec(text);
    if (failed) return failed[1];
    if (/No tests (?:found|match)|no tests/i.test(text)) return null;
    throw new Error(`forge test broke off:\n${text.slice(-3000)}`);
}

// First the tests that bear the contract's name, then all, the invariants last.
function killerOf(guard) {
    const name = path.basename(guard.file, ".sol");
    const own = fs.readdirSync(path.join(copy, "test"), { recursive: true }).filter((file) => path.basename(file) === `${name}.t.sol`);
    return (own.length > 0 && firstFailure(guard.id, ["--match-path", `test/${own[0]}`]))
        || firstFailure(guard.id, ["--no-match-path", "test/invariant/*"])
        || firstFailure(guard.id, ["--match-path", "test/invariant/*"]);
}

console.log(`compiling ${copy}`);
const build = forge(["build"]);
if (!build.ok) {
    console.error(build.text.slice(-6000));
    process.exit(1);
}
if (results.baseline === undefined) {
    const broken = firstFailure(0, []);
    if (broken) {
        console.error(`${broken} fails with all guards in place: nothing can be said`);
        process.exit(1);
    }
    keep("baseline", "green");
}

const survivors = [];
for (const [index, guard] of drawn.entries()) {
    const started = Date.now();
    const known = results[guard.key];
    if (known === undefined) keep(guard.key, killerOf(guard) || "");
    const killer = results[guard.key];
    if (killer === "") survivors.push(guard);
    const verdict = killer === "" ? "SURVIVED" : `killed by ${killer}`;
    const time = known === undefined ? ` (${((Date.now() - started) / 1000).toFixed(0)} s)` : "";
    console.log(`[${index + 1}/${drawn.length}] ${guard.file}:${guard.line} ${guard.what} ${verdict}${time}`);
}
for (const guard of survivors) console.log(`survived: ${guard.file}:${guard.line} ${guard.what}`);
console.log(`${drawn.length - survivors.length} passed, ${survivors.length} failed`);
process.exit(survivors.length === 0 ? 0 : 1);
