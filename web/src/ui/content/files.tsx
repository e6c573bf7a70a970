/**
 * Slides to show and files to have.
 *
 * For browser tests: `slides-input`, `deck` with `data-deck`, `deck-show`, `deck-remove`, `file-input`, `file-drop`,
 * `upload` with `data-name` and `data-refused`, `upload-cancel`, `file` with `data-name`, `file-download`, `file-remove`.
 */

import { useSignal } from "@preact/signals";
import { language, text } from "../../i18n/language.ts";
import type { Deck, Refusal, SharedFile } from "../../room/messages.ts";
import { Icon } from "../icon.tsx";
import { shownName } from "../lead/names.ts";
import type { RoomView } from "../view.ts";
import { present } from "./present.ts";
import type { OwnUpload } from "./sharing.ts";

export function Files({ view }: { readonly view: RoomView }) {
  const { isPresenter, sharing } = view.content;
  const { files, slides } = view.store.room.value;
  const words = text.value.content;
  const mayShare = !view.locks.value.has("files");
  return (
    <div class="files-panel">
      {isPresenter.value ? (
        <section class="files-part">
          <h3>{words.slides}</h3>
          <Pick
            label={words.openSlides}
            accept="application/pdf,.pdf,image/png,image/jpeg,image/webp"
            icon="presenter"
            onFiles={(picked) => void present(picked, sharing)}
            testId="slides-input"
          />
          <UploadRows view={view} kind="slides" />
          {slides.decks.length === 0 ? <p class="panel-note">{words.noSlides}</p> : null}
          <ul class="files-list">
            {slides.decks.map((deck) => (
              <DeckRow key={deck.id} view={view} deck={deck} />
            ))}
          </ul>
        </section>
      ) : null}
      <section class="files-part">
        <h3>{words.files}</h3>
        {mayShare ? <Drop view={view} /> : <p class="panel-note">{words.locked}</p>}
        <UploadRows view={view} kind="file" />
        {files.length === 0 ? <p class="panel-note">{words.noFiles}</p> : null}
        <ul class="files-list">
          {files.map((file) => (
            <FileRow key={file.id} view={view} file={file} />
          ))}
        </ul>
      </section>
    </div>
  );
}

interface PickProps {
  readonly label: string;
  readonly accept?: string;
  readonly icon: "presenter" | "upload";
  readonly onFiles: (files: readonly File[]) => void;
  readonly testId: string;
}

function Pick({ label, accept, icon, onFiles, testId }: PickProps) {
  return (
    <label class="button button-main files-pick">
      <Icon name={icon} />
      {label}
      <input
        type="file"
        class="hidden"
        multiple
        {...(accept === undefined ? {} : { accept })}
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          // The same file can be picked once more.
          currentTarget.value = "";
        }}
        data-testid={testId}
      />
    </label>
  );
}

function Drop({ view }: { readonly view: RoomView }) {
  const words = text.value.content;
  const isOver = useSignal(false);
  const { sharing } = view.content;
  return (
    <div
      class="files-drop"
      data-over={isOver.value}
      onDragOver={(event) => {
        event.preventDefault();
        isOver.value = true;
      }}
      onDragLeave={() => (isOver.value = false)}
      onDrop={(event) => {
        event.preventDefault();
        isOver.value = false;
        sharing.share([...(event.dataTransfer?.files ?? [])]);
      }}
      data-testid="file-drop"
    >
      <Pick label={words.share} icon="upload" onFiles={sharing.share} testId="file-input" />
      <p class="field-hint">{words.shareHint}</p>
    </div>
  );
}

function DeckRow({ view, deck }: { readonly view: RoomView; readonly deck: Deck }) {
  const words = text.value.content;
  const isShown = view.store.room.value.slides.shown?.deck === deck.id;
  const mayRemove = view.isModerator.value || deck.by === view.store.me;
  const count = deck.pages.length < deck.length && deck.isComing ? words.pagesComing(deck.pages.length, deck.length) : words.pages(deck.pages.length);
  return (
    <li class="files-row" data-testid="deck" data-deck={deck.id}>
      <span class="files-words">
        <span class="files-name">{deck.name}</span>
        <span class="files-under">{isShown ? `${count} · ${words.shown}` : count}</span>
      </span>
      {isShown ? null : (
        <button type="button" class="button button-small" onClick={() => view.content.show(deck.id)} data-testid="deck-show">
          {words.show}
        </button>
      )}
      {mayRemove ? (
        <RowButton icon="trash" label={words.removeDeck(deck.name)} onPress={() => view.ask({ kind: "slides", act: { kind: "remove", deck: deck.id } })} testId="deck-remove" />
      ) : null}
    </li>
  );
}

function UploadRows({ view, kind }: { readonly view: RoomView; readonly kind: OwnUpload["kind"] }) {
  const uploads = view.content.sharing.uploads.value.filter((upload) => upload.kind === kind);
  return (
    <ul class="files-list" aria-live="polite">
      {uploads.map((upload) => (
        <UploadRow key={upload.key} view={view} upload={upload} />
      ))}
    </ul>
  );
}

function UploadRow({ view, upload }: { readonly view: RoomView; readonly upload: OwnUpload }) {
  const words = text.value.content;
  const { name, sent, size, refusal } = upload;
  const isOver = refusal !== null;
  return (
    <li class="files-row" data-testid="upload" data-name={name} data-refused={refusal?.code}>
      <span class="files-words">
        <span class="files-name">{name}</span>
        {isOver ? <span class="files-refused">{explain(refusal)}</span> : <progress max={size} value={sent} aria-label={words.uploading(name)} />}
      </span>
      <RowButton icon="close" label={isOver ? words.dismiss : words.cancel(name)} onPress={() => view.content.sharing.cancel(upload.key)} testId="upload-cancel" />
    </li>
  );
}

function FileRow({ view, file }: { readonly view: RoomView; readonly file: SharedFile }) {
  const words = text.value.content;
  const { downloads } = view.content;
  const state = downloads.progress.value.get(file.id);
  const mayRemove = view.isModerator.value || file.by === view.store.me;
  const by = shownName(view, file.by, view.store.room.value.participants.get(file.by)?.name ?? "");
  const under = [sized(file.size), by].filter((part) => part !== "").join(" · ");
  return (
    <li class="files-row" data-testid="file" data-name={file.name}>
      <span class="files-words">
        <span class="files-name">{file.name}</span>
        {typeof state === "number" ? <progress max={file.size} value={state} aria-label={words.downloading(file.name)} /> : <span class="files-under">{state === "failed" ? words.failed : under}</span>}
      </span>
      <RowButton icon="download" label={words.download(file.name)} onPress={() => downloads.download(file)} testId="file-download" />
      {mayRemove ? (
        <RowButton icon="trash" label={words.remove(file.name)} onPress={() => view.ask({ kind: "file", act: { kind: "remove", id: file.id } })} testId="file-remove" />
      ) : null}
    </li>
  );
}

interface RowButtonProps {
  readonly icon: "trash" | "close" | "download";
  readonly label: string;
  readonly onPress: () => void;
  readonly testId: string;
}

function RowButton({ icon, label, onPress, testId }: RowButtonProps) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={onPress} data-testid={testId}>
      <Icon name={icon} />
    </button>
  );
}

function explain(refusal: Refusal): string {
  const { refused } = text.value.content;
  switch (refusal.code) {
    case "tooLarge":
      return refused.tooLarge(sized(refusal.max));
    case "noSpace":
      return refused.noSpace(sized(refusal.max));
    case "full":
      return refused.full(refusal.max);
    case "wrongContent":
    case "locked":
    case "notAllowed":
    case "tooFast":
      return refused[refusal.code];
    default:
      return refused.other;
  }
}

/** Bytes as people say them. */
function sized(bytes: number): string {
  const [unit, count] = bytes >= 1_000_000 ? (["megabyte", bytes / 1_000_000] as const) : (["kilobyte", Math.max(bytes / 1_000, 1)] as const);
  return new Intl.NumberFormat(language.value, { style: "unit", unit, maximumFractionDigits: count < 10 ? 1 : 0 }).format(count);
}
