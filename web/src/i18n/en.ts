/** English. */

import { breakoutEn } from "./breakout-en.ts";
import { boardEn } from "./board-en.ts";
import { classEn } from "./class-en.ts";
import { consentEn } from "./consent-en.ts";
import { contentEn } from "./content-en.ts";
import { devicesEn } from "./devices-en.ts";
import { layoutEn } from "./layout-en.ts";
import { leadEn } from "./lead-en.ts";
import { screenEn } from "./screen-en.ts";
import { notesEn } from "./notes-en.ts";
import { linesEn } from "./lines-en.ts";
import type { Texts } from "./de.ts";

const plural = new Intl.PluralRules("en");
/** Of a quick look nobody needs more than two digits. */
const megabits = new Intl.NumberFormat("en", { maximumSignificantDigits: 2 });
const count = (n: number, one: string, other: string) => `${n} ${plural.select(n) === "one" ? one : other}`;

export const en = {
  name: "English",
  nameSie: "German (Sie)",
  language: "Language",
  theme: { label: "Colours", auto: "Same as device", light: "Light", dark: "Dark" },
  close: "Close",
  cancel: "Cancel",
  again: "Try again",
  notRecorded: "Nothing is recorded.",
  notRecordedLong: "Nothing is recorded. You may not record anything either.",
  mic: "Microphone",
  cam: "Camera",
  join: {
    title: "Join the lesson",
    room: (room) => `Room ${room}`,
    nameLabel: "Your name",
    nameHint: "This is how others see you. Your first name is enough.",
    nameMissing: "Enter your name so that the others know who you are.",
    nameInvalid: "This name does not work. Use 1 to 60 characters, best only letters.",
    button: "Join",
    busy: "Letting you in …",
    without: "Microphone and camera are optional. You can switch them on later.",
    attendance: "Teachers see when you are here.",
    preview: "Preview",
    camIsOff: "Your camera is off.",
    micOn: "Turn microphone on",
    micOff: "Turn microphone off",
    camOn: "Turn camera on",
    camOff: "Turn camera off",
    asking: "Your browser is asking for your permission.",
    quiet: "Say something: the bar moves when the microphone hears you.",
    heard: "Your microphone hears you.",
    devices: "Choose devices",
    defaultDevice: "Default device",
    unnamedDevice: (n) => `Device ${n}`,
  },
  check: {
    checking: "Taking a quick look at your line …",
    lights: {
      good: "Your line is good enough for sound and pictures.",
      fair: "Your line is good enough for sound. Pictures may get smaller.",
      poor: "Your line is weak. Better leave your camera off, then the sound stays.",
      none: "Your network does not let the lesson through. Try another one.",
    },
    blocked: "Your network blocks UDP. You come by another way, pictures may be later.",
    down: "To you",
    up: "From you",
    rate: (bitsPerSecond) => (bitsPerSecond < 100_000 ? "below 0.1 Mbit/s" : `at least ${megabits.format(bitsPerSecond / 1_000_000)} Mbit/s`),
  },
  link: {
    missing: {
      title: "The link to the lesson is missing",
      help: "Open the link that your teacher gave you. It is longer than this address and contains the sign #.",
    },
    broken: {
      title: "This link is incomplete",
      help: "It was probably cut off when it was copied. Open it again from the message or ask your teacher for a new one.",
    },
    invalid: {
      title: "This link is not valid",
      help: "The room is closed or the link was renewed. Ask your teacher for a new link.",
    },
  },
  failure: {
    roomFull: { title: "The room is full", help: "Wait until someone leaves, then try again. It is best to tell your teacher." },
    tooMany: {
      title: "Too many attempts",
      help: (seconds) => `Wait ${count(seconds, "second", "seconds")}, then try again.`,
    },
    unreachable: {
      title: "No connection",
      help: "The server does not answer. Check that your Wi-Fi is connected, then try again.",
    },
    unexpected: {
      title: "The server has a problem",
      help: (status) => `Try again in a minute. If it stays like this, tell your teacher: error ${status}.`,
    },
    load: {
      title: "The room could not be loaded",
      help: "Your connection was interrupted or the page was renewed. Reload the page.",
    },
  },
  browser: {
    title: "This browser cannot take part yet",
    help: "It lacks the technology for picture and sound. These browsers work in their newest version:",
    list: "Chrome or Edge (computer, Android), Firefox (computer), Safari from version 26.4 (Mac, iPad, iPhone).",
    insecure: "This page was opened without encryption. Open it with https:// at the beginning.",
  },
  device: {
    denied: {
      title: (device) => `${device} is blocked`,
      help: "Your browser may not use it on this page. Click the symbol to the left of the address, allow access and try again.",
    },
    dismissed: {
      title: (device) => `${device} was not allowed`,
      help: "The browser's question was closed. Try again and choose “Allow”.",
    },
    system: {
      title: (device) => `${device} is blocked on this device`,
      help: "Allow your browser access in the device's settings under “Privacy”. On school devices the school's IT can help.",
    },
    missing: {
      title: (device) => `${device} not found`,
      help: "Connect a device or check that it is switched on. You can also join without one.",
    },
    busy: {
      title: (device) => `${device} is in use`,
      help: "Another program uses the device. Close other video conferences and try again.",
    },
    insecure: {
      title: (device) => `${device} does not work here`,
      help: "This page is not encrypted. Open the link with https:// at the beginning.",
    },
    unplugged: {
      title: (device) => `${device} was disconnected`,
      help: "Plug the device in again or choose another one, then try again.",
    },
  },
  room: {
    people: (n) => count(n, "person", "people"),
    stage: "Stage",
    toolbar: "Tools",
    chat: "Chat",
    peopleTitle: "People",
    leave: "Leave",
    endForAll: "End for everyone",
    end: "End",
    shortcuts: "Keyboard shortcuts",
    soundBlocked: "You cannot hear anything yet.",
    soundStart: "Start sound",
    you: "you",
    moderator: "Teacher",
    micIsOn: "microphone on",
    micIsOff: "microphone off",
    camIsOn: "camera on",
    camIsOff: "camera off",
    speaking: "speaking",
    away: "connection lost",
    still: "picture is paused",
    pictureAge: (age: string) => `Picture paused for ${age}`,
    age: (seconds: number) => (seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`),
    unread: (n) => count(n, "new message", "new messages"),
    alone: "Nobody else is here yet.",
    filling: "Loading the room …",
    spared: (pictures: number) => `This device is busy: ${count(pictures, "picture pauses", "pictures pause")}, the sound stays`,
    reconnecting: "Connection lost. We are reconnecting you …",
    connecting: "Connecting you …",
    reconnectingHelp: "You need not do anything. Your seat is kept.",
    reconnectNow: "Connect now",
  },
  chat: {
    label: "Message",
    placeholder: "Message to everyone",
    send: "Send",
    empty: "No messages yet. Write the first one!",
    log: "Messages",
    sending: "Sending",
    said: (name, text) => `${name}: ${text}`,
    left: (n) => `${count(n, "character", "characters")} left`,
    over: (n) => `${count(n, "character", "characters")} too many`,
    newer: "New messages",
    resend: "Send again",
    discard: "Discard",
    full: "Nothing can be sent right now. Wait until the connection is back.",
    refused: {
      tooFast: "That was very fast. Wait a moment and send it again.",
      textTooLong: (max) => `Your message is too long. Shorten it to ${max} characters.`,
      textEmpty: "Your message is empty. Write something.",
      notAllowed: "You may not write here at the moment. Ask your teacher.",
      roomClosing: "The lesson is being ended. Your message did not arrive in time.",
      locked: "Writing is locked here right now. Nobody has received your message.",
      notAgreed: "You have not agreed yet that everyone may read what you write. Nobody has received your message.",
      other: "Your message did not arrive. Send it again.",
    },
  },
  ...classEn,
  ...consentEn,
  ...contentEn,
  ...devicesEn,
  ...layoutEn,
  ...leadEn,
  ...breakoutEn,
  ...boardEn,
  ...notesEn,
  ...screenEn,
  ...linesEn,
  endDialog: {
    title: "End the lesson for everyone?",
    help: "Everyone leaves the room. What is in it is deleted: save what you need before that.",
    confirm: "End for everyone",
    failed: "The room was not ended. Check your connection and try again.",
  },
  shortcut: { open: "This overview", close: "Close a panel or window", note: "The keys do not work while you are writing." },
  end: {
    left: { title: "You left the room", help: "If that was a mistake, just come back." },
    ended: { title: "The lesson is over", help: "Everything in this room was deleted. You can close this page." },
    replaced: { title: "You are taking part elsewhere", help: "This lesson is open in another tab or on another device." },
    expired: { title: "Your seat was given up", help: "You were away for too long. Join again with the link." },
    full: { title: "The room is full", help: "Wait until someone leaves, then join again." },
    refused: {
      title: "The connection was refused",
      help: (code) => `Join again. If it stays like this, tell your teacher: error ${code}.`,
    },
    rejoin: "Join again",
    here: "Continue here",
  },
} satisfies Texts;
