import sax from 'sax';

/** A tag as it opens, with its attributes. */
export interface XmlTag {
  name: string;
  attributes: Readonly<Record<string, string>>;
  /** Where its `<` stands, in bytes from the first that was read. */
  start: number;
}

export interface XmlListener {
  onOpen?(tag: XmlTag): void;
  /** @param end the byte after its `>` */
  onClose?(name: string, end: number): void;
  onText?(text: string): void;
}

/**
 * Reads XML (UTF-8, names of tags in ASCII) strictly, a piece at a time.
 *
 * Throws a plain Error, to be read after the file's name, where it is not well formed or ends early; what a listener
 * throws.
 */
export function xmlReader(listener: XmlListener): { write(bytes: Uint8Array): void; end(): void } {
  Object.assign(sax, { MAX_BUFFER_LENGTH: Number.POSITIVE_INFINITY }); // masks are attributes of any length
  const parser = sax.parser(true, { position: true });
  // Bytes pass as Latin-1, so that places are those of bytes; texts are then read as what they are
  const textOf = (latin: string) => Buffer.from(latin, 'latin1').toString('utf8');
  parser.onerror = (error) => {
    throw new Error(`is no whole XML file: ${error.message.split('\n')[0]} (line ${parser.line + 1})`);
  };
  let isEmpty = true;
  parser.onopentag = ({ name, attributes }) => {
    isEmpty = false;
    const read = Object.entries(attributes).map(([key, value]) => [textOf(key), textOf(String(value))]);
    listener.onOpen?.({ name, attributes: Object.fromEntries(read), start: parser.startTagPosition - 1 });
  };
  if (listener.onClose) parser.onclosetag = (name) => listener.onClose?.(name, parser.position);
  if (listener.onText) parser.ontext = (text) => listener.onText?.(textOf(text));
  return {
    write: (bytes) => void parser.write(Buffer.from(bytes).toString('latin1')),
    end() {
      parser.close();
      if (isEmpty) throw new Error('is no whole XML file: it has no element');
    },
  };
}
