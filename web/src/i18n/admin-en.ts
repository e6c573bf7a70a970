/** English for the page for whoever looks after the server. */

import type { AdminTexts } from "./admin-de.ts";

const number = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

export const adminEn: AdminTexts = {
  title: "Administration",
  secret: "The administrator's secret",
  secretHint: "It is admin_secret in the server's settings.",
  open: "Open",
  leave: "Sign out",
  wrong: "This secret is not valid.",
  tooMany: "Too many tries. Wait a moment and try again.",
  missing: "Administration is not switched on on this server. Set admin_secret in its settings.",
  unreachable: "The server does not answer. The figures are those of a moment ago.",
  privacy: "This page shows no names and nothing of what is in the rooms.",
  load: {
    title: "Right now",
    rooms: "Rooms with people",
    people: "People",
    cpu: "Load",
    cpuHelp: "of one processor core; from 70 % on it gets tight",
    sent: "Sent",
    megabits: (value) => `${number.format(value)} Mbit/s`,
    percent: (value) => `${number.format(value)} %`,
    memory: "Memory",
    megabytes: (value) => `${number.format(value)} MB`,
    measuring: "…",
  },
  rooms: {
    title: "Rooms",
    none: "No room yet.",
    people: "People",
    of: (people, most) => `${people} of ${most}`,
    teacher: "Teacher",
    students: "Class",
    copy: (whose, room) => `Copy the link for ${whose} in ${room}`,
    copied: "Copied",
    temporary: "until restart",
    remove: (room) => `Remove ${room}`,
    removeShort: "Remove",
    inUse: "Somebody is still in this room. It can be removed when everyone has left.",
  },
  make: {
    title: "New room",
    label: "Name of the room",
    placeholder: "Parents' evening 7b",
    button: "Create",
    help: "It lasts until the server restarts. Rooms that are to stay belong into the settings.",
    invalid: "Use 1 to 100 characters on one line.",
    full: "There can be no more rooms. Remove one first.",
  },
};
