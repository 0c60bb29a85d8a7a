/** Marks the errors of a change whose v7 clients read `status: "service_offline"` (contract shared/status-codes). */
import { GatewayError } from '../../errors/gateway-error.ts'

export async function orServiceOffline<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    throw new GatewayError(error.code, { ...error.details, asServiceOffline: true }, { cause: error.cause })
  }
}
