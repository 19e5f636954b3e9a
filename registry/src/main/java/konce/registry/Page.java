package konce.registry;

/// A page of HTML, put together so that what others wrote is always shown and never obeyed.
final class Page {
    private static final String STYLE = """
            body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a}
            h1{font-size:1.5rem}h2{font-size:1.1rem;margin-top:2rem}
            table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ddd}
            code{font-size:.85em;word-break:break-all}a{color:#05499c}
            .well{color:#136c2e}.ill{color:#a31515}input{font:inherit;padding:.2rem .4rem}
            """;

    private final StringBuilder html = new StringBuilder();

    Page(String title) {
        html.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(escaped(title))
                .append("</title><style>")
                .append(STYLE)
                .append("</style></head><body>");
        tag("h1", title);
    }

    /// The text with everything that means something in HTML made harmless.
    static String escaped(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c < 0x20 ? ' ' : c);
            }
        }
        return out.toString();
    }

    /// An element with a text in it.
    Page tag(String name, String text) {
        html.append('<').append(name).append('>').append(escaped(text));
        html.append("</").append(name).append('>');
        return this;
    }

    /// A text in the colour of good or bad news.
    Page news(boolean well, String text) {
        html.append("<p class=\"").append(well ? "well" : "ill").append("\">");
        html.append(escaped(text)).append("</p>");
        return this;
    }

    /// A link inside this site.
    ///
    /// @param path of letters, digits, `-`, `@` and `/` only
    static String link(String path, String text) {
        return "<a href=\"" + escaped(path) + "\">" + escaped(text) + "</a>";
    }

    /// A text in type of one width.
    static String code(Object text) {
        return "<code>" + escaped(text.toString()) + "</code>";
    }

    /// Begins a table.
    Page table(String... heads) {
        html.append("<table><tr>");
        for (String head : heads) {
            html.append("<th>").append(escaped(head)).append("</th>");
        }
        html.append("</tr>");
        return this;
    }

    /// A row of cells that are HTML already: of [#link], [#code] or [#escaped].
    Page row(String... cells) {
        html.append("<tr>");
        for (String cell : cells) {
            html.append("<td>").append(cell).append("</td>");
        }
        html.append("</tr>");
        return this;
    }

    /// Ends a table.
    Page end() {
        html.append("</table>");
        return this;
    }

    /// The way back to the first page.
    Page back() {
        html.append("<p>").append(link("/", "The ledger")).append("</p>");
        return this;
    }

    /// A field to look a name up.
    Page search(String value) {
        html.append("<form action=\"/name\" method=\"get\"><label>Name <input name=\"q\" maxlength=\"127\" value=\"")
                .append(escaped(value))
                .append("\"></label> <input type=\"submit\" value=\"Look up\"></form>");
        return this;
    }

    @Override
    public String toString() {
        return html + "</body></html>\n";
    }
}
