/// Floor 5: messages. Outbox, inbox, reassembly, replies.
///
/// - Enter by: [konce.protocol.message.Outbox], [konce.protocol.message.Inbox]
/// - May import: `konce.protocol`, `.wire`, `.table`, `.flow`
/// - Spec: docs/spec/07-messages.md
@NullMarked
package konce.protocol.message;

import org.jspecify.annotations.NullMarked;
