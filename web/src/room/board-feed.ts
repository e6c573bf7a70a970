/** Who on this page reads which whiteboard; the engine subscribes to those that somebody reads. */

export type BoardListener = (text: string) => void;

export interface BoardFeed {
  /** Reads a board from its snapshot on, until the answer is called. One reader a board. */
  follow(board: string, listener: BoardListener): () => void;
  /** An object of a board's track came. */
  take(board: string, text: string): void;
}

export function createBoardFeed(want: (boards: readonly string[]) => void): BoardFeed {
  const listeners = new Map<string, BoardListener>();
  const tell = () => want([...listeners.keys()]);
  return {
    follow(board, listener) {
      listeners.set(board, listener);
      tell();
      return () => {
        if (listeners.get(board) === listener) {
          listeners.delete(board);
          tell();
        }
      };
    },
    take: (board, text) => listeners.get(board)?.(text),
  };
}
