/** Does what is made to be done in parts in one go. @returns what it comes to */
export function inOneGo<T>(parts: Iterator<void, T>): T {
  for (;;) {
    const part = parts.next();
    if (part.done === true) return part.value;
  }
}
