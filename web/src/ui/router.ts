// Which page a path is. The server answers these paths, and no others, with the client
// (src/server/front/web_files.cc; a test there holds the two lists together).
export const routes = [
  { page: 'home', pattern: '/' },
  { page: 'enrol', pattern: '/enrol' },
  { page: 'login', pattern: '/login' },
  { page: 'send', pattern: '/send' },
  { page: 'inbox', pattern: '/inbox' },
  { page: 'received', pattern: '/inbox/{parcel}' },
  { page: 'outbox', pattern: '/outbox' },
  { page: 'sent', pattern: '/outbox/{parcel}' },
  { page: 'requests', pattern: '/requests' },
  { page: 'account', pattern: '/account' },
  { page: 'admin', pattern: '/admin' },
  { page: 'admin', pattern: '/admin/{section}' },
  { page: 'log', pattern: '/log' },
  { page: 'link', pattern: '/l/{parcel}' },
  { page: 'handIn', pattern: '/r/{request}' },
] as const;
