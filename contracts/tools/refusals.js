// Names the guards that no test has ever met: node tools/refusals.js [--work FOLDER]
// Each guard of a copy of the sources marks when it refuses a call, and all tests run once. A guard that never refused would survive its own
// removal, so this says in one run what mutations.js can only draw samples of; that a test turns red for a guard, only mutations.js says.
// Fuzz tests run a few times and the invariants not at all: what only they meet is met by chance. The last line is `N passed, N failed`.
"use strict";
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { spawnSync } = require("node:child_process");
const { forge: executable } = require("./foundry.js");
const { MARKERS, allGuards, writeProject } = require("./mutations/project.js");

// It is run when an implementation is made, where it has nothing to refuse; what it does there is tested.
const NEVER_REFUSES = /^_disableInitializers\(/;
// They compare gas and sizes, which the marks change.
const NOT_ABOUT_GUARDS = "Snapshot|FitsTheLimit|FitsOneTransaction";
const FUZZ_RUNS = "16";

const root = path.join(__dirname, "..");
const at = process.argv.indexOf("--work");
const work = path.resolve(at < 0 ? path.join(os.tmpdir(), "jeju-refusals") : process.argv[at + 1]);
const sources = allGuards(root);
const { copy } = writeProject(root, work, sources, MARKERS);
const marks = path.join(copy, "marks", "marks.txt");
fs.rmSync(marks, { force: true });

function forge(args) {
    const run = spawnSync(executable, args, {
        cwd: copy, encoding: "utf8", maxBuffer: 1 << 28, env: { ...process.env, NO_COLOR: "1", FOUNDRY_FUZZ_RUNS: FUZZ_RUNS },
    });
    if (run.error) throw run.error;
    if (run.status !== 0) {
        console.error(`forge ${args[0]}:\n${run.stdout.slice(-3000)}\n${run.stderr.slice(-3000)}`);
        process.exit(1);
    }
}

console.log(`compiling ${copy}`);
forge(["build"]);
forge(["test", "--no-match-path", "test/invariant/*", "--no-match-test", NOT_ABOUT_GUARDS]);

const counts = new Map();
for (const line of fs.readFileSync(marks, "utf8").split("\n")) counts.set(line, (counts.get(line) ?? 0) + 1);
const count = (what, guard) => counts.get(`${what} ${String(guard.id).padStart(5, "0")}`) ?? 0;
const guards = sources.flatMap((source) => source.guards).filter((guard) => !NEVER_REFUSES.test(guard.what));
const unmet = guards.filter((guard) => count("refused", guard) === 0 && count("entered", guard) === count("passed", guard));
for (const guard of unmet) console.log(`never refused anything: ${guard.file}:${guard.line} ${guard.what}`);
console.log(`${guards.length - unmet.length} passed, ${unmet.length} failed`);
process.exit(unmet.length === 0 ? 0 : 1);
