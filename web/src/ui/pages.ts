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
  const before = soFar?.items ?? [];
  let page = await load(soFar?.next === undefined ? {} : { before: soFar.next });
  // A page of which nothing is shown is not the end.
  while (page.items.length === 0 && page.next !== undefined) page = await load({ before: page.next });
  const items = [...before, ...page.items];
  return page.next === undefined ? { items } : { items, next: page.next };
}
