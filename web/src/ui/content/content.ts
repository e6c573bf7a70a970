/** Slides and files as the components see them: what is shown here, and what can be done about it. */

import { computed, effect, signal } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import type { ToContent } from "../../engine/messages.ts";
import type { Deck, Refusal } from "../../room/messages.ts";
import type { RoomStore } from "../../room/store.ts";
import { slideBoard } from "../board/stage-choice.ts";
import { createDownloads } from "./downloads.ts";
import type { Downloads } from "./downloads.ts";
import { createFetching } from "./fetching.ts";
import type { Fetched } from "./fetching.ts";
import { createPages } from "./pages.ts";
import type { PageOf, Pages } from "./pages.ts";
import { createSharing } from "./sharing.ts";
import type { Sharing } from "./sharing.ts";

/** By then what a presenter turned to is shown to everyone. */
const SHOWN_MS = 1_000;

export interface ContentView {
  readonly sharing: Sharing;
  readonly downloads: Downloads;
  readonly pages: Pages;
  /** Whether this person shows slides to everyone. */
  readonly isPresenter: ReadonlySignal<boolean>;
  /** The page on this person's stage. */
  readonly place: ReadonlySignal<(PageOf & { readonly of: Deck }) | null>;
  /** Whether it is the one that everyone is shown. */
  readonly isFollowing: ReadonlySignal<boolean>;
  readonly zoom: Signal<number>;
  readonly isTextOpen: Signal<boolean>;
  readonly isStripOpen: Signal<boolean>;
  /** Boards over those slides that were shown to everyone while this person is here. */
  readonly opened: ReadonlySignal<ReadonlySet<string>>;
  /** Whether the ways to save the slide are open. */
  readonly isMenuOpen: Signal<boolean>;
  /** Whether this person draws over the slide. */
  readonly isDrawing: Signal<boolean>;
  /** Goes to another page: with everyone if this person presents, else alone. */
  turnTo(page: number): void;
  follow(): void;
  show(deck: number): void;
  hide(): void;
  take(message: Fetched): void;
  close(): void;
}

export interface ContentParts {
  readonly store: RoomStore;
  readonly isModerator: ReadonlySignal<boolean>;
  ask(command: Parameters<RoomStore["ask"]>[0]): Promise<Refusal | null>;
  post(message: ToContent): void;
}

export function createContent({ store, isModerator, ask, post }: ContentParts): ContentView {
  const fetching = createFetching(post);
  const pages = createPages(fetching);
  const sharing = createSharing(store, post);
  /** Where this person looks alone; where a presenter goes before the room has said so. */
  const own = signal<PageOf | null>(null);
  const zoom = signal(1);
  const isPresenter = computed(() => isModerator.value || store.room.value.participants.get(store.me)?.role === "presenter");
  const shown = computed(() => store.room.value.slides.shown);
  const place = computed(() => {
    const at = own.value ?? shown.value;
    const of = store.room.value.slides.decks.find(({ id }) => id === at?.deck);
    return at === null || of === undefined ? null : { deck: at.deck, page: at.page, of };
  });
  const turn = async (to: PageOf): Promise<void> => {
    // Who comes back to what everyone sees goes on with everyone.
    own.value = !isPresenter.peek() && isSame(to, shown.peek()) ? null : to;
    zoom.value = 1;
    if (!isPresenter.peek()) return;
    const refusal = await ask({ kind: "slides", act: { kind: "show", ...to } });
    // The room's answer and what it shows come by different ways.
    setTimeout(() => (own.value = own.peek() === to ? null : own.peek()), refusal === null ? SHOWN_MS : 0);
  };
  const opened = signal<ReadonlySet<string>>(new Set());
  const stops = [
    effect(() => {
      const at = shown.value;
      if (at !== null) opened.value = new Set(opened.peek()).add(slideBoard(at));
    }),
    // Whoever looks alone comes back with another deck or with none, a presenter when all are where they turned to.
    effect(() => {
      const at = own.peek();
      const isOver = isPresenter.peek() ? isSame(at, shown.value) : at?.deck !== shown.value?.deck;
      if (at !== null && isOver) own.value = null;
    }),
    effect(() => pages.keepOnly(new Set(store.room.value.slides.decks.map(({ id }) => id)))),
    sharing.close,
    pages.close,
  ];
  return {
    sharing,
    downloads: createDownloads(fetching),
    pages,
    isPresenter,
    place,
    isFollowing: computed(() => own.value === null || isPresenter.value),
    zoom,
    isTextOpen: signal(false),
    isStripOpen: signal(true),
    opened,
    isMenuOpen: signal(false),
    isDrawing: signal(false),
    turnTo: (page) => {
      const at = place.peek();
      if (at !== null && page >= 0 && page < at.of.pages.length && page !== at.page) void turn({ deck: at.deck, page });
    },
    follow: () => (own.value = null),
    show: (deck) => void turn({ deck, page: 0 }),
    hide: () => {
      own.value = null;
      void ask({ kind: "slides", act: { kind: "hide" } });
    },
    take: fetching.take,
    close: () => stops.forEach((stop) => stop()),
  };
}

function isSame(one: PageOf | null, other: PageOf | null): boolean {
  return one?.deck === other?.deck && one?.page === other?.page;
}
