/** How much waits behind a tool. */

export function Badge({ count, testId }: { readonly count: number; readonly testId: string }) {
  return (
    <span class="badge" data-testid={testId}>
      {count > 99 ? "99+" : count}
    </span>
  );
}
