// Which page a path is. The server answers these paths, and no others, with the client
// (src/server/front/web_files.cc; a test there holds the two lists together). Pure.
export const routes = [
  { page: 'home', pattern: '/' },
  { page: 'enrol', pattern: '/e' },
  { page: 'logIn', pattern: '/log-in' },
  { page: 'send', pattern: '/send' },
  { page: 'inbox', pattern: '/inbox' },
  { page: 'received', pattern: '/inbox/{parcel}' },
  { page: 'outbox', pattern: '/outbox' },
  { page: 'sent', pattern: '/outbox/{parcel}' },
  { page: 'requests', pattern: '/requests' },
  { page: 'account', pattern: '/account' },
  { page: 'admin', pattern: '/administration' },
  { page: 'admin', pattern: '/administration/{section}' },
  { page: 'log', pattern: '/log' },
  { page: 'link', pattern: '/l/{parcel}' },
  { page: 'handIn', pattern: '/r/{request}' },
] as const;

export type PageName = (typeof routes)[number]['page'];

export interface Route {
  readonly page: PageName | 'nowhere';
  /** What stands in the place of the pattern's last part; "" when it has none. */
  readonly id: string;
}

export function routeOf(path: string): Route {
  for (const { page, pattern } of routes) {
    const cut = pattern.indexOf('{');
    if (cut < 0) {
      if (path === pattern) return { page, id: '' };
      continue;
    }
    const id = path.slice(cut);
    if (path.startsWith(pattern.slice(0, cut)) && /^[A-Za-z0-9_-]+$/.test(id)) return { page, id };
  }
  return { page: 'nowhere', id: '' };
}
