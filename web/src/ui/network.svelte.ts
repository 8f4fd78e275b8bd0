// Whether the browser knows of a network. That it does says nothing of the server.
class Network {
  isOffline = $state(!navigator.onLine);

  constructor() {
    for (const event of ['online', 'offline'] as const)
      addEventListener(event, () => {
        this.isOffline = !navigator.onLine;
      });
  }
}

export const network = new Network();
