/**
 * How busy the machine was, and with whom: a figure measured beside somebody else's work says less.
 * Reads Linux's /proc.
 */

import { readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";

/** Processor time in ticks: all that passed, what was idle, and what each process took. */
function snapshot() {
  const [user, nice, system, idle, waiting, ...others] = readFileSync("/proc/stat", "utf8").split("\n", 1)[0].trim().split(/\s+/).slice(1, 9).map(Number);
  const rest = idle + waiting;
  const total = [user, nice, system, rest, ...others].reduce((sum, ticks) => sum + ticks, 0);
  const processes = new Map();
  for (const id of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${id}/stat`, "utf8");
      // The name in brackets may hold anything.
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      processes.set(Number(id), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
    } catch {
      // Ended while we looked.
    }
  }
  return { total, idle: rest, processes };
}

function isOurs(processes, id) {
  for (let each = id; each > 1; each = processes.get(each)?.parent ?? 0) if (each === process.pid) return true;
  return false;
}

/** Begins to watch; the answer tells shares of all processors since then. */
export function watchLoad() {
  const before = snapshot();
  return () => {
    const after = snapshot();
    const passed = after.total - before.total;
    let ours = 0;
    for (const [id, { ticks }] of after.processes) {
      if (isOurs(after.processes, id)) ours += ticks - (before.processes.get(id)?.ticks ?? 0);
    }
    const busy = passed - (after.idle - before.idle);
    return { cores: cpus().length, busy_share: busy / passed, lesson_share: ours / passed, others_share: Math.max(busy - ours, 0) / passed };
  };
}
