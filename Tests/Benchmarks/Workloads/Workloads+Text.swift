import Dialogue
import HTTPStreams

/// From the language model's bytes to sentences.
func addText(to all: inout Workloads) {
    all.measure("SSE parsing, an event of a token") {
        var parser = ServerSentEventParser()
        let event = Array((#"data: {"choices":[{"index":0,"delta":{"content":"delivery "},"finish_reason":null}]}"# + "\n\n").utf8)
        return { swallow(try? parser.feed(event)) }
    }
    all.measure("SentenceSplitter, a token") {
        var splitter = SentenceSplitter()
        let tokens = "It takes three days from here, and costs 4.99 euros. Dr. Smith can tell you more! Would you like that? "
            .split(separator: " ").map { String($0) + " " }
        var place = 0
        return {
            swallow(splitter.append(tokens[place % tokens.count]))
            place += 1
        }
    }
}
