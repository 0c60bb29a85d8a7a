/** Records with untrusted keys: no prototype, so that a key such as `constructor` is not inherited. */

/** A class, because Object.create(null) loses V8's fast properties. */
class BareRecord {}
Object.setPrototypeOf(BareRecord.prototype, null)
Reflect.deleteProperty(BareRecord.prototype, 'constructor')

export const bareRecord = <T>(): Record<string, T> => new BareRecord() as Record<string, T>
