/** Rooms, how many people, load and links: nothing of what is in a room. */

import { useSignal } from "@preact/signals";
import type { ReadonlySignal } from "@preact/signals";
import type { AdminTexts } from "../../i18n/admin-de.ts";
import { Icon } from "../icon.tsx";
import { PageHead } from "../notice.tsx";
import type { AdminProblem, AdminRoom, Overview } from "./ask.ts";
import type { Rates } from "./rates.ts";
import type { Watch } from "./watch.ts";

interface AdminProps {
  readonly words: ReadonlySignal<AdminTexts>;
  readonly watch: Watch;
}

export function AdminPage({ words, watch }: AdminProps) {
  const overview = watch.overview.value;
  return (
    <div class="page">
      <PageHead />
      <main class="admin">
        {overview === null ? <Entry words={words.value} watch={watch} /> : <Rooms words={words.value} watch={watch} overview={overview} />}
      </main>
      <footer class="page-foot">{words.value.privacy}</footer>
    </div>
  );
}

interface PartProps {
  readonly words: AdminTexts;
  readonly watch: Watch;
}

function said(words: AdminTexts, problem: AdminProblem | null): string | null {
  switch (problem) {
    case null:
      return null;
    case "secret":
      return words.wrong;
    case "tooMany":
      return words.tooMany;
    case "missing":
      return words.missing;
    case "name":
      return words.make.invalid;
    case "full":
      return words.make.full;
    case "inUse":
      return words.rooms.inUse;
    case "unreachable":
      return words.unreachable;
  }
}

function Problem({ words, watch }: PartProps) {
  const text = said(words, watch.problem.value);
  return (
    <div role="alert" class={text === null ? "hidden" : "help"}>
      {text === null ? null : (
        <>
          <Icon name="alert" />
          <p data-testid="admin-problem" data-problem={watch.problem.value ?? ""}>
            {text}
          </p>
        </>
      )}
    </div>
  );
}

function Entry({ words, watch }: PartProps) {
  const typed = useSignal("");
  return (
    <form
      class="admin-entry"
      onSubmit={(event) => {
        event.preventDefault();
        watch.open(typed.value);
      }}
    >
      <h1>{words.title}</h1>
      <Problem words={words} watch={watch} />
      <div class="field">
        <label for="secret">{words.secret}</label>
        <input
          id="secret"
          type="password"
          autocomplete="current-password"
          required
          maxLength={128}
          value={typed.value}
          onInput={({ currentTarget }) => (typed.value = currentTarget.value)}
          data-testid="admin-secret"
        />
        <span class="field-hint">{words.secretHint}</span>
      </div>
      <button type="submit" class="button button-main" data-testid="admin-open">
        {words.open}
      </button>
    </form>
  );
}

function Rooms({ words, watch, overview }: PartProps & { readonly overview: Overview }) {
  // Those of the settings first: the others come and go.
  const rooms = overview.rooms.toSorted((a, b) => Number(a.isTemporary) - Number(b.isTemporary) || a.title.localeCompare(b.title));
  return (
    <>
      <div class="admin-head">
        <h1>{words.title}</h1>
        <button type="button" class="button button-small" onClick={watch.leave} data-testid="admin-leave">
          {words.leave}
        </button>
      </div>
      <Problem words={words} watch={watch} />
      <Figures words={words} overview={overview} rates={watch.rates.value} />
      <section class="admin-rooms" aria-labelledby="rooms">
        <h2 id="rooms">{words.rooms.title}</h2>
        {rooms.length === 0 ? <p>{words.rooms.none}</p> : null}
        <ul>
          {rooms.map((room) => (
            <RoomLine key={room.id} words={words} watch={watch} room={room} base={overview.base ?? location.origin} />
          ))}
        </ul>
      </section>
      <Make words={words} watch={watch} />
    </>
  );
}

interface FiguresProps {
  readonly words: AdminTexts;
  readonly overview: Overview;
  readonly rates: Rates | null;
}

function Figures({ words, overview: { rooms, load }, rates }: FiguresProps) {
  const { load: says } = words;
  const people = rooms.reduce((sum, room) => sum + room.people, 0);
  const open = rooms.filter((room) => room.people > 0).length;
  const figures: readonly [string, string, string?][] = [
    [says.rooms, `${open}`],
    [says.people, `${people}`],
    [says.cpu, rates === null ? says.measuring : says.percent(rates.cpuPercent), says.cpuHelp],
    [says.sent, rates === null ? says.measuring : says.megabits(rates.megabits)],
    ...(load.memoryBytes === null ? [] : [[says.memory, says.megabytes(load.memoryBytes / 1e6)] as const].map(([name, value]): [string, string] => [name, value])),
  ];
  return (
    <section aria-label={says.title}>
      <dl class="admin-figures" data-testid="admin-figures">
        {figures.map(([name, value, help]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
            {help === undefined ? null : <dd class="field-hint">{help}</dd>}
          </div>
        ))}
      </dl>
    </section>
  );
}

interface RoomLineProps extends PartProps {
  readonly room: AdminRoom;
  readonly base: string;
}

function RoomLine({ words, watch, room, base }: RoomLineProps) {
  const says = words.rooms;
  const share = Math.min(1, room.people / Math.max(1, room.most));
  return (
    <li class="admin-room" data-testid="admin-room" data-room={room.id}>
      <div class="admin-room-words">
        <strong>{room.title}</strong>
        {room.isTemporary ? <span class="field-hint">{says.temporary}</span> : null}
      </div>
      <div class="admin-room-people">
        <span data-testid="admin-people">{says.of(room.people, room.most)}</span>
        <meter min={0} max={1} value={share} aria-hidden="true" />
      </div>
      <div class="admin-room-ways">
        <Copy words={words} room={room} whose={says.teacher} address={`${base}/#${room.id}/${room.moderatorSecret}`} testId="copy-teacher" />
        <Copy words={words} room={room} whose={says.students} address={`${base}/#${room.id}/${room.viewerSecret}`} testId="copy-students" />
        {room.isTemporary ? (
          <button
            type="button"
            class="button button-small button-plain"
            aria-label={says.remove(room.title)}
            onClick={() => void watch.act({ kind: "remove", room: room.id })}
            data-testid="admin-remove"
          >
            {says.removeShort}
          </button>
        ) : null}
      </div>
    </li>
  );
}

interface CopyProps {
  readonly words: AdminTexts;
  readonly room: AdminRoom;
  readonly whose: string;
  readonly address: string;
  readonly testId: string;
}

/** The link itself is not on the screen: who walks by does not get into the room with it. */
function Copy({ words, room, whose, address, testId }: CopyProps) {
  const isCopied = useSignal(false);
  const shown = useSignal(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      isCopied.value = true;
    } catch {
      // Where the browser forbids it, the link can be marked and copied by hand.
      shown.value = true;
    }
  };
  return (
    <>
      <button
        type="button"
        class="button button-small"
        aria-label={words.rooms.copy(whose, room.title)}
        onClick={() => void copy()}
        data-testid={testId}
        data-address={address}
      >
        <Icon name={isCopied.value ? "check" : "copy"} />
        {isCopied.value ? words.rooms.copied : whose}
      </button>
      {shown.value ? <input readOnly value={address} aria-label={whose} onFocus={({ currentTarget }) => currentTarget.select()} /> : null}
    </>
  );
}

function Make({ words, watch }: PartProps) {
  const { make } = words;
  const title = useSignal("");
  const submit = async () => {
    if (await watch.act({ kind: "make", title: title.value })) title.value = "";
  };
  return (
    <form
      class="admin-make"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h2>{make.title}</h2>
      <div class="field">
        <label for="title">{make.label}</label>
        <input
          id="title"
          required
          maxLength={100}
          placeholder={make.placeholder}
          value={title.value}
          onInput={({ currentTarget }) => (title.value = currentTarget.value)}
          data-testid="admin-title"
        />
        <span class="field-hint">{make.help}</span>
      </div>
      <button type="submit" class="button button-main" data-testid="admin-make">
        {make.button}
      </button>
    </form>
  );
}
