/** How much waits behind a tool; the tool's own name says it to those who do not see it. */

export function Badge({ count, testId }: { readonly count: number; readonly testId: string }) {
  return (
    <span class="badge" aria-hidden="true" data-testid={testId}>
      {count > 99 ? "99+" : count}
    </span>
  );
}
