// Lists that come in pages: what was loaded so far, and where the next page begins.
export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

/** The first page, or the one that follows `so far`, behind what is there. */
export async function more<Item>(
  soFar: Listed<Item> | undefined,
  load: (query: { readonly before?: string }) => Promise<Listed<Item>>,
): Promise<Listed<Item>> {
  const page = await load(soFar?.next === undefined ? {} : { before: soFar.next });
  const items = [...(soFar?.items ?? []), ...page.items];
  return page.next === undefined ? { items } : { items, next: page.next };
}
