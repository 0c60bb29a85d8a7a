/** `tentaculo start`. */
import type { Command } from 'commander'

export const addStart = (root: Command): void =>
  void root
    .command('start')
    .description('starts the gateway, configured by the environment (docs/configuration.md)')
    .action(async () => (await import('../command/start-gateway.ts')).startGateway())
