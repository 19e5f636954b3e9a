/// What was measured, as figures, tables, a chart and JSON. Nothing here measures, and nothing is typed in by hand.
///
/// - Enter by: [konce.bench.report.Results], [konce.bench.report.Reports]
/// - May import: the JDK and Gson.
@NullMarked
package konce.bench.report;

import org.jspecify.annotations.NullMarked;
