// Changes of roles, and a weaker policy, that wait for another administrator and a delay, as the server last said.
import type { Account } from '../account/account.ts';
import type { Proposal } from '../api/generated/types.ts';

class Proposals {
  all: readonly Proposal[] = $state.raw([]);

  async look(account: Account): Promise<void> {
    this.all = (await account.api.call('proposal.list')).proposals;
  }
}

export const proposals = new Proposals();
