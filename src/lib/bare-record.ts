/** Records whose keys come from outside: without a prototype, so that a key such as `constructor` finds nothing inherited. */

/** A class keeps V8's fast properties, which Object.create(null) does not. */
class BareRecord {}
Object.setPrototypeOf(BareRecord.prototype, null)
Reflect.deleteProperty(BareRecord.prototype, 'constructor')

export const bareRecord = <T>(): Record<string, T> => new BareRecord() as Record<string, T>
