/**
 * What a moderator can do about a person, below the person's line.
 *
 * For browser tests: `person-menu` opens it; `make-presenter`, `make-viewer`, `make-moderator`, `lock-<lock>` with
 * `data-locked`, `take-aside`, `remove-person`.
 */

import { text } from "../../i18n/language.ts";
import { LOCKS, locksOn } from "../../room/locks.ts";
import type { Lock, Participant, PersonLock, Role } from "../../room/messages.ts";
import { Icon } from "../icon.tsx";
import type { IconName } from "../icon.tsx";
import type { RoomView } from "../view.ts";

interface PersonProps {
  readonly view: RoomView;
  readonly participant: Participant;
}

/** The button at the end of the line; nothing for who may not lead. */
export function PersonMenuButton({ view, participant: { id, name } }: PersonProps) {
  if (!view.isModerator.value) {
    return null;
  }
  const isOpen = view.menuOf.value === id;
  const label = text.value.lead.menu(name);
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      aria-expanded={isOpen}
      onClick={() => (view.menuOf.value = isOpen ? null : id)}
      data-testid="person-menu"
    >
      <Icon name="more" />
    </button>
  );
}

/** The list below the line. */
export function PersonMenu({ view, participant }: PersonProps) {
  if (!view.isModerator.value || view.menuOf.value !== participant.id) {
    return null;
  }
  const words = text.value.lead;
  const isMe = participant.id === view.store.me;
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a fieldset groups the fields of a form
    <div class="person-acts" role="group" aria-label={words.menu(participant.name)}>
      {isMe ? null : <Asking view={view} participant={participant} />}
      <Roles view={view} participant={participant} />
      {participant.role === "moderator" ? null : LOCKS.map((lock) => <LockAct key={lock} view={view} participant={participant} lock={lock} />)}
      {isMe ? null : (
        <Act
          icon="chat"
          label={text.value.breakout.takeAside}
          onClick={() => {
            view.ask({ kind: "breakout", act: { kind: "takeAside", id: participant.id } });
            view.menuOf.value = null;
          }}
          testId="take-aside"
        />
      )}
      {isMe ? null : (
        <Act
          icon="leave"
          label={words.remove}
          isDanger
          onClick={() => {
            view.removing.value = participant;
            view.dialog.value = "remove";
          }}
          testId="remove-person"
        />
      )}
    </div>
  );
}

/** What nobody can switch on for them. */
function Asking({ view, participant: { id, mic, cam } }: PersonProps) {
  const words = text.value.hand;
  const ask = (kind: "callOn" | "askCamera") => {
    view.ask({ kind: "hand", act: { kind, id } });
    view.menuOf.value = null;
  };
  return (
    <>
      {mic ? null : <Act icon="hand" label={words.callOn} onClick={() => ask("callOn")} testId="call-on-person" />}
      {cam ? null : <Act icon="cam" label={words.askCamera} onClick={() => ask("askCamera")} testId="ask-camera" />}
    </>
  );
}

const ROLE_ACTS: readonly { readonly role: Role; readonly icon: IconName; readonly testId: string }[] = [
  { role: "presenter", icon: "presenter", testId: "make-presenter" },
  { role: "moderator", icon: "moderator", testId: "make-moderator" },
  { role: "viewer", icon: "person", testId: "make-viewer" },
];

function Roles({ view, participant: { id, role } }: PersonProps) {
  const words = text.value.lead;
  const make = (next: Role) => {
    view.ask({ kind: "lead", act: { kind: "setRole", id, role: next } });
    view.menuOf.value = null;
  };
  return (
    <>
      {ROLE_ACTS.filter((act) => act.role !== role).map((act) => (
        <Act key={act.role} icon={act.icon} label={words.make[act.role]} onClick={() => make(act.role)} testId={act.testId} />
      ))}
    </>
  );
}

interface LockProps extends PersonProps {
  readonly lock: Lock;
}

/** Free and locked. */
const LOCK_ICONS: Readonly<Record<Lock, readonly [IconName, IconName]>> = {
  microphone: ["mic", "micOff"],
  camera: ["cam", "camOff"],
  screen: ["screen", "screenOff"],
  publicChat: ["chat", "chat"],
  privateChat: ["reply", "reply"],
  whiteboard: ["edit", "board"],
  notes: ["notes", "notes"],
  files: ["files", "files"],
  othersCameras: ["cam", "camOff"],
  othersNames: ["people", "people"],
};

function LockAct({ view, participant, lock }: LockProps) {
  const { settings } = view.store.room.value;
  const isLocked = locksOn(participant, settings).has(lock);
  const words = text.value.lead.locks[lock];
  const [free, locked] = LOCK_ICONS[lock];
  return (
    <Act
      icon={isLocked ? free : locked}
      label={isLocked ? words.freeOne : words.lockOne}
      onClick={() => {
        const state = wanted(participant, settings.locks.includes(lock), !isLocked);
        view.ask({ kind: "lead", act: { kind: "setPersonLock", id: participant.id, lock, state } });
      }}
      testId={`lock-${lock}`}
      isLocked={isLocked}
    />
  );
}

/** Where the room says the same, it is left to the room. */
function wanted({ role }: Participant, isLockedForAll: boolean, isToBeLocked: boolean): PersonLock {
  const byRoom = role === "viewer" && isLockedForAll;
  if (byRoom === isToBeLocked) {
    return "asRoom";
  }
  return isToBeLocked ? "locked" : "free";
}

interface ActProps {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: () => void;
  readonly testId: string;
  readonly isDanger?: boolean;
  readonly isLocked?: boolean;
}

function Act({ icon, label, onClick, testId, isDanger = false, isLocked }: ActProps) {
  return (
    <button type="button" class="person-act" data-danger={isDanger} data-locked={isLocked} onClick={onClick} data-testid={testId}>
      <Icon name={icon} />
      {label}
    </button>
  );
}
