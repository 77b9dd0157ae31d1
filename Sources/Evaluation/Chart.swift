/// Points and curves of shares against waits or other shares, as an SVG picture.
package struct Chart: Sendable {
    package struct Series: Sendable {
        package var name: String
        /// In the units of the axes; joined by a line when there are several.
        package var points: [(x: Double, y: Double)]

        package init(name: String, points: [(x: Double, y: Double)]) { (self.name, self.points) = (name, points) }
    }

    package var title: String
    package var xAxis: String
    package var yAxis: String
    package var series: [Series]

    package init(title: String, xAxis: String, yAxis: String, series: [Series]) {
        (self.title, self.xAxis, self.yAxis, self.series) = (title, xAxis, yAxis, series)
    }

    private static let colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#8c510a"]
    private static let (width, height, left, top, right, bottom) = (760.0, 480.0, 70.0, 40.0, 190.0, 60.0)

    /// The charts side by side as one SVG picture.
    package static func sheet(_ charts: [Chart]) -> String {
        let width = Int(Self.width) * charts.count
        let panels = charts.enumerated().map { index, chart in "<g transform=\"translate(\(Int(Self.width) * index) 0)\">\n\(chart.panel)\n</g>" }
        return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(width) \(Int(height))\" font-family=\"sans-serif\" font-size=\"12\">\n"
            + panels.joined(separator: "\n") + "\n</svg>\n"
    }

    package var svg: String { Self.sheet([self]) }

    private var panel: String {
        let (xMax, yMax) = (Self.limit(series.flatMap(\.points).map(\.x)), Self.limit(series.flatMap(\.points).map(\.y)))
        func x(_ value: Double) -> Double { Self.left + value / xMax * (Self.width - Self.left - Self.right) }
        func y(_ value: Double) -> Double { Self.height - Self.bottom - value / yMax * (Self.height - Self.top - Self.bottom) }
        var parts = [
            "<rect width=\"\(Int(Self.width))\" height=\"\(Int(Self.height))\" fill=\"white\"/>", Self.text(title, Self.left, 24, "font-size=\"15\""),
        ]
        for step in 0...5 {
            let (xValue, yValue) = (xMax * Double(step) / 5, yMax * Double(step) / 5)
            parts.append(Self.line(x(xValue), y(0), x(xValue), y(yMax), "#dddddd"))
            parts.append(Self.line(x(0), y(yValue), x(xMax), y(yValue), "#dddddd"))
            parts.append(Self.text(Self.label(xValue), x(xValue), y(0) + 18, "text-anchor=\"middle\""))
            parts.append(Self.text(Self.label(yValue), x(0) - 8, y(yValue) + 4, "text-anchor=\"end\""))
        }
        parts.append(Self.text(xAxis, x(xMax / 2), Self.height - 16, "text-anchor=\"middle\""))
        parts.append(Self.text(yAxis, 16, y(yMax / 2), "text-anchor=\"middle\" transform=\"rotate(-90 16 \(Self.label(y(yMax / 2))))\""))
        // A curve and the dot of the same policy have one colour.
        var names: [Substring] = []
        for (index, one) in series.enumerated() {
            let base = one.name.prefix { $0 != "," }
            if !names.contains(base) { names.append(base) }
            let colour = Self.colours[(names.firstIndex(of: base) ?? 0) % Self.colours.count]
            if one.points.count > 1 {
                let path = one.points.map { "\(Self.label(x($0.x))),\(Self.label(y($0.y)))" }.joined(separator: " ")
                parts.append("<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"2\"/>")
            }
            for point in one.points {
                parts.append("<circle cx=\"\(Self.label(x(point.x)))\" cy=\"\(Self.label(y(point.y)))\" r=\"4\" fill=\"\(colour)\"/>")
            }
            let row = Self.top + 12 + Double(index) * 20
            parts.append("<circle cx=\"\(Self.label(Self.width - Self.right + 20))\" cy=\"\(Self.label(row - 4))\" r=\"4\" fill=\"\(colour)\"/>")
            parts.append(Self.text(one.name, Self.width - Self.right + 32, row, ""))
        }
        return parts.joined(separator: "\n")
    }

    /// A round number that no value exceeds.
    private static func limit(_ values: [Double]) -> Double {
        let greatest = values.filter(\.isFinite).max() ?? 0
        var step = 1.0
        while step * 10 < greatest { step *= 10 }
        while step / 10 >= greatest, step > 0.01 { step /= 10 }
        return [1.0, 2, 5, 10].map { $0 * step }.first { $0 >= greatest } ?? max(greatest, 1)
    }

    private static func label(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(abs(tenths % 10))"
    }

    private static func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ colour: String) -> String {
        "<line x1=\"\(label(x1))\" y1=\"\(label(y1))\" x2=\"\(label(x2))\" y2=\"\(label(y2))\" stroke=\"\(colour)\"/>"
    }

    private static func text(_ text: String, _ x: Double, _ y: Double, _ more: String) -> String {
        let escapes: [Character: String] = ["<": "&lt;", ">": "&gt;", "&": "&amp;"]
        return "<text x=\"\(label(x))\" y=\"\(label(y))\" \(more)>\(text.map { escapes[$0] ?? String($0) }.joined())</text>"
    }
}
