/** What is on the stage now: who is large, who is on the page of small tiles, and how large everything is. */

import { screenOf } from "../../engine/picture-name.ts";
import { language } from "../../i18n/language.ts";
import { companyOf } from "../../room/breakouts.ts";
import type { Layout, Participant } from "../../room/messages.ts";
import { roster } from "../../room/reduce-people.ts";
import type { People } from "../../room/reduce-people.ts";
import { screensIn } from "../../room/sharing.ts";
import type { Area } from "../area.ts";
import { boardOnStage } from "../board/stage-choice.ts";
import { known } from "../lead/names.ts";
import type { RoomView } from "../view.ts";
import { arrange, mostOnPage } from "./arrange.ts";
import type { Arrangement } from "./arrange.ts";
import { cast, spotlightOf } from "./cast.ts";
import { order } from "./order.ts";

/** px that what is below a slide has: the bar, and what one draws with. */
const SLIDE_BAR = 52;
const SLIDE_TOOLS = 56;
/** px of a window that is a phone that lies. */
const LOW = 480;

/** What was on the stage before, so that it stays where it can. */
export interface Before {
  readonly order: readonly string[];
  /** Under another form everything moves anyway, and everyone comes where they belong. */
  readonly form: string;
  readonly spotlight: string | null;
}

export const NOTHING_BEFORE: Before = { order: [], form: "", spotlight: null };

export interface Scene extends Before {
  readonly layout: Layout;
  /** A board's name, if one is on the stage. */
  readonly board: string | null;
  readonly hasSlide: boolean;
  /** Whose screen stands there. */
  readonly screen: string | null;
  /** People, and screens as if each were one more. */
  readonly large: readonly Participant[];
  /** Those on this page. */
  readonly small: readonly Participant[];
  readonly page: number;
  readonly pages: number;
  readonly arrangement: Arrangement;
  readonly isAlone: boolean;
}

export interface Screen {
  readonly stage: Area;
  readonly window: Area;
  readonly isTouch: boolean;
  /** Whose tile is under the pointer or has the focus. */
  readonly held: string | null;
}

export function sceneOf(view: RoomView, before: Before, screen: Screen): Scene {
  const { store, stage, content } = view;
  const { me } = store;
  const { participants, breakouts, hands, sharing } = store.room.value;
  const layout = stage.layout.value;
  const company = companyOf(participants, breakouts, me);
  const people = known(view, roster(company, language.value));
  const speaking = new Set(people.filter(({ id, mic }) => mic && store.speaking.value.has(id)).map(({ id }) => id));
  const spotlight = spotlightOf(before.spotlight, people, me, speaking);
  const hasContent = stage.isShowing.value && (layout === "presentation" || layout === "audio");
  const shared = layout === "presentation" ? stage.screen.value : null;
  const board = hasContent && shared === null ? boardOnStage(view) : null;
  const hasSlide = hasContent && shared === null && board === null && content.place.value !== null;
  const screens = layout === "audio" ? [] : screensIn(sharing, company).filter((id) => id !== shared);
  const { large, small } = cast([...people, ...asPeople(screens, company)], { layout, me, pins: stage.pins.value, spotlight, hasContent });
  const most = mostOnPage(screen.window, screen.isTouch);
  const arrangement = arranged(view, screen, { large: large.length, small: small.length, most, board, hasSlide, hasScreen: shared !== null });
  const { pageSize, split } = arrangement;
  const form = `${layout} ${split} ${most}`;
  const pages = pageSize === 0 ? 1 : Math.max(Math.ceil(small.length / pageSize), 1);
  const page = Math.min(stage.page.value, pages - 1);
  const attention = { me, screens: screens.map(screenOf), hands: hands.raised.map(({ id }) => id), speaking };
  const ids = order(form === before.form ? before.order : [], small.map(({ id }) => id), attention, { index: page, size: pageSize, held: screen.held });
  const shown = ids.slice(page * pageSize, (page + 1) * pageSize);
  return {
    layout,
    board,
    hasSlide,
    screen: shared,
    large,
    small: shown.flatMap((id) => small.find((person) => person.id === id) ?? []),
    page,
    pages,
    arrangement,
    isAlone: company.size === 1 && !hasContent && content.place.value === null,
    order: ids,
    form,
    spotlight,
  };
}

/** A screen has a tile as one more person would, of a name that no person has. */
const asPeople = (screens: readonly string[], company: People): readonly Participant[] =>
  screens.flatMap((id) => {
    const sharer = company.get(id);
    return sharer === undefined ? [] : [{ ...sharer, id: screenOf(id), cam: true, mic: false }];
  });

interface Filling {
  readonly large: number;
  readonly small: number;
  readonly most: number;
  readonly board: string | null;
  readonly hasSlide: boolean;
  readonly hasScreen: boolean;
}

function arranged({ stage, content }: RoomView, screen: Screen, { large, small, most, board, hasSlide, hasScreen }: Filling): Arrangement {
  const isLow = screen.window.height < LOW && screen.window.width > screen.window.height;
  const load = {
    small,
    large,
    content: board !== null ? "board" : hasSlide || hasScreen ? "slide" : "none",
    tools: hasSlide ? SLIDE_BAR + (content.isDrawing.value ? SLIDE_TOOLS : 0) : 0,
    most,
    isLow,
    share: null,
  } as const;
  const usual = arrange(screen.stage, load);
  const share = usual.split === "none" ? null : stage.shares[usual.split].value;
  return share === null ? usual : arrange(screen.stage, { ...load, share });
}
