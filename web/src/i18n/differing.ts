/** Texts that are written for one more form of address: only those that differ, and over the usual ones all. */

/** Of each part what differs; of a list all or nothing. */
export type Differing<T> = {
  readonly [K in keyof T]?: T[K] extends string | readonly string[] | ((...values: never[]) => string) ? T[K] : Differing<T[K]>;
};

type Part = Readonly<Record<string, unknown>>;

const isPart = (value: unknown): value is Part => typeof value === "object" && value !== null && !Array.isArray(value);

/** All texts: `texts`, and what differs in its place. */
export function withDiffering<T extends object>(texts: T, differing: Differing<T>): T {
  const merge = (usual: Part, other: Part): Part =>
    Object.fromEntries(
      Object.entries(usual).map(([key, value]) => {
        const instead = other[key];
        return [key, isPart(value) && isPart(instead) ? merge(value, instead) : (instead ?? value)];
      }),
    );
  return merge(texts as Part, differing as Part) as T;
}
