/** A mail of plain text to one person. */
export interface Mail {
  /** An address whose domain is in ASCII. */
  readonly to: string;
  /** One line. */
  readonly subject: string;
  /** Lines end with `\n`. */
  readonly text: string;
}

/** Sends mails. */
export interface Mailer {
  /**
   * Resolves once another system has taken responsibility for the mail (RFC 5321 §2.1), and is asked again for no other reason than that.
   * @throws Unavailable where that may be so a moment later (RFC 5321 §4.2.1, 4yz); another Error where the mail is refused for good.
   */
  send(mail: Mail): Promise<void>;
}
