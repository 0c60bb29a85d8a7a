/** Maps every database failure to one 503. */
import { GatewayError } from '../../../errors/gateway-error.ts'

export async function mapDatabaseErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw cause instanceof GatewayError ? cause : new GatewayError('database_unavailable', {}, { cause })
  }
}
