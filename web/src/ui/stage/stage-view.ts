/** What the person makes of the stage: its layout, who is pinned, how it is divided, which page is turned to. */

import { batch, computed, effect, signal } from "@preact/signals";
import type { ReadonlySignal, Signal } from "@preact/signals";
import { onDevice, recall, remember } from "../../remember.ts";
import { companyOf } from "../../room/breakouts.ts";
import { LAYOUTS } from "../../room/locks.ts";
import type { Layout } from "../../room/messages.ts";
import { screenOnStage } from "../../room/sharing.ts";
import type { RoomStore } from "../../room/store.ts";
import { boardOnStage } from "../board/stage-choice.ts";
import type { BoardPlace } from "../board/stage-choice.ts";
import type { ContentView } from "../content/content.ts";
import { NO_CHOICE, layoutOf, pick, settle } from "./layout.ts";
import type { Choice, Surroundings } from "./layout.ts";
import { keepPins, recallPins, togglePin } from "./pins.ts";

const LAYOUT_KEY = "mosaik.layout";
const SHARE_KEY = "mosaik.share";

export type Split = "beside" | "above";

/** Where a tile's menu is opened, in CSS px of the window. */
export interface TileMenuPlace {
  readonly participant: string;
  readonly x: number;
  readonly y: number;
}

export interface StageView {
  readonly layout: ReadonlySignal<Layout>;
  readonly choice: ReadonlySignal<Choice>;
  /** Slides, a whiteboard or a screen are there to be shown. */
  readonly isShowing: ReadonlySignal<boolean>;
  /** Whose screen is shown there. */
  readonly screen: ReadonlySignal<string | null>;
  readonly pins: ReadonlySignal<readonly string[]>;
  /** Of the small tiles, from 0 on; beyond the last page it is the last one. */
  readonly page: Signal<number>;
  /** What the person gave the side of the stage; null: what the page finds right. */
  readonly shares: Readonly<Record<Split, ReadonlySignal<number | null>>>;
  readonly isLayoutMenuOpen: Signal<boolean>;
  readonly tileMenu: Signal<TileMenuPlace | null>;
  /** Null leaves it to the page and the teacher. */
  pick(layout: Layout | null): void;
  togglePin(participant: string): void;
  divide(split: Split, share: number | null): void;
  close(): void;
}

interface StageParts extends BoardPlace {
  readonly store: RoomStore;
  readonly content: ContentView;
  readonly roomId: string;
}

export function createStage({ store, content, roomId, ...place }: StageParts): StageView {
  const choice = signal<Choice>({ ...NO_CHOICE, usual: recallLayout() });
  const pins = signal(recallPins(roomId));
  const page = signal(0);
  const shares = { beside: signal(recallShare("beside")), above: signal(recallShare("above")) };
  const hasContent = computed(() => boardOnStage({ store, ...place }) !== null || content.place.value !== null);
  const screen = computed(() => {
    const { participants, breakouts, sharing } = store.room.value;
    return screenOnStage(sharing, companyOf(participants, breakouts, store.me), hasContent.value);
  });
  const isShowing = computed(() => hasContent.value || screen.value !== null);
  const around = computed<Surroundings>(() => ({
    forAll: store.room.value.settings.layout,
    isShowing: isShowing.value,
    isModerator: place.isModerator.value,
  }));
  const layout = computed(() => layoutOf(choice.value, around.value));
  const stops = [
    effect(() => void (choice.value = settle(choice.peek(), around.value))),
    effect(() => {
      void layout.value;
      page.value = 0;
    }),
  ];
  return {
    layout,
    choice,
    isShowing,
    screen,
    pins,
    page,
    shares,
    isLayoutMenuOpen: signal(false),
    tileMenu: signal<TileMenuPlace | null>(null),
    pick: (wanted) =>
      batch(() => {
        choice.value = pick(choice.peek(), wanted, around.peek());
        remember(onDevice, LAYOUT_KEY, choice.peek().usual ?? "");
      }),
    togglePin: (participant) => {
      pins.value = togglePin(pins.peek(), participant);
      keepPins(roomId, pins.peek());
    },
    divide: (split, share) => {
      shares[split].value = share;
      remember(onDevice, `${SHARE_KEY}.${split}`, share === null ? "" : share.toFixed(3));
    },
    close: () => stops.forEach((stop) => stop()),
  };
}

function recallLayout(): Layout | null {
  const kept = recall(onDevice, LAYOUT_KEY);
  return LAYOUTS.find((name) => name === kept) ?? null;
}

function recallShare(split: Split): number | null {
  const share = Number.parseFloat(recall(onDevice, `${SHARE_KEY}.${split}`) ?? "");
  return Number.isFinite(share) ? share : null;
}
