import Testing

@testable import Dialogue

struct EarTextEnglishTests {
    static let cases: [(String, String)] = [
        ("Hello there.", "Hello there."),
        ("**Bold** and *italic* and __more__ _here_.", "Bold and italic and more here."),
        ("# Heading", "Heading."),
        ("## Opening hours\nMonday to Friday", "Opening hours. Monday to Friday"),
        ("Use the `save` button.", "Use the save button."),
        ("```swift\nlet a = 1\n```", "Code omitted."),
        ("- first thing", "first thing."),
        ("* second thing\n* third thing!", "second thing. third thing!"),
        ("1. Buy milk", "one, Buy milk."),
        ("- [x] done item", "done item."),
        ("> quoted words", "quoted words"),
        ("---", ""),
        ("| Name | Price |\n|---|---|\n| Tea | $2 |", "Name, Price. Tea, two dollars."),
        ("See [our page](https://example.com/a?b=1) now.", "See our page now."),
        ("![a cat](cat.png)", "a cat"),
        ("Go to https://www.example.com/help/cards?x=1.", "Go to example dot com slash help slash cards."),
        ("Visit example.com, please.", "Visit example dot com, please."),
        ("Write to jane.doe-2@example.com.", "Write to jane dot doe dash two at example dot com."),
        ("Great 😀 job 👨‍👩‍👧!", "Great job!"),
        ("🎉🎉", ""),
        ("I have 3 cats and 21 dogs.", "I have three cats and twenty-one dogs."),
        ("It has 1,234,567 rows.", "It has one million two hundred thirty-four thousand five hundred sixty-seven rows."),
        ("Pi is 3.14.", "Pi is three point one four."),
        ("It is -5 outside.", "It is minus five outside."),
        ("Wait .5 seconds.", "Wait zero point five seconds."),
        ("The 1st, 2nd, 3rd and 21st.", "The first, second, third and twenty-first."),
        ("the 12th of May", "the twelfth of May"),
        ("the 20th floor", "the twentieth floor"),
        ("In 2026 it opens.", "In twenty twenty-six it opens."),
        ("Since 1905 or 2001.", "Since nineteen oh five or two thousand one."),
        ("the 1990s and the 80s", "the nineteen nineties and the eighties"),
        ("built in 1804", "built in eighteen oh four"),
        ("It holds 1500 people.", "It holds one thousand five hundred people."),
        ("At 9:30 we go.", "At nine thirty we go."),
        ("At 9:00 we go.", "At nine o'clock we go."),
        ("At 9:05 am.", "At nine oh five a.m."),
        ("Open 9am to 5 p.m. daily", "Open nine a.m. to five p.m. daily"),
        ("at 14:00 or 14:30", "at fourteen hundred or fourteen thirty"),
        ("from 9:00-17:30", "from nine o'clock to seventeen thirty"),
        ("It costs $42.15.", "It costs forty-two dollars and fifteen cents."),
        ("Only $1 or $0.99.", "Only one dollar or ninety-nine cents."),
        ("£5.01 and €20", "five pounds and one penny and twenty euros"),
        ("a $3.5 million deal", "a three point five million dollars deal"),
        ("worth $5M", "worth five million dollars"),
        ("20 € or 30 EUR", "twenty euros or thirty euros"),
        ("$1,000.50 back", "one thousand dollars and fifty cents back"),
        ("-$5", "minus five dollars"),
        ("$5-10 each", "five to ten dollars each"),
        ("12.5% of it", "twelve point five percent of it"),
        ("10%-20% off", "ten percent to twenty percent off"),
        ("10-20 % off", "ten to twenty percent off"),
        ("Call 555-0123.", "Call five five five, zero one two three."),
        ("Call 1-800-555-0199 now.", "Call one, eight zero zero, five five five, zero one nine nine now."),
        ("Call (555) 010-0199.", "Call five five five, zero one zero, zero one nine nine."),
        ("Call +44 20 7946 0958.", "Call plus four four, two zero, seven nine four six, zero nine five eight."),
        ("Reference 12345678.", "Reference one two three four five six seven eight."),
        ("code 007", "code zero zero seven"),
        ("On 2026-11-23 we open.", "On November twenty-third, twenty twenty-six we open."),
        ("On 11/23/2026.", "On November twenty-third, twenty twenty-six."),
        ("It takes 3-5 days.", "It takes three to five days."),
        ("pages 10–12", "pages ten to twelve"),
        ("from 1990-1995", "from nineteen ninety to nineteen ninety-five"),
        ("5 km at 1 kg", "five kilometers at one kilogram"),
        ("It is 21°C or 70 °F.", "It is twenty-one degrees Celsius or seventy degrees Fahrenheit."),
        ("-3 °C", "minus three degrees Celsius"),
        ("100 km/h", "one hundred kilometers per hour"),
        ("16GB of memory", "sixteen gigabytes of memory"),
        ("half is 1/2, then 3/4", "half is one half, then three quarters"),
        ("open 24/7", "open twenty-four seven"),
        ("Version 2.0.1 is out.", "Version two point zero point one is out."),
        ("Dr. Smith and Mrs. Jones", "Doctor Smith and Missus Jones"),
        ("Bring e.g. a pen, i.e. a tool.", "Bring for example a pen, that is a tool."),
        ("cats, dogs, etc.", "cats, dogs, et cetera."),
        ("St. Mary lives on Main St.", "Saint Mary lives on Main Street"),
        ("Room No. 5", "Room number five"),
        ("on Nov. 3", "on November three"),
        ("Q&A + more = fun", "Q and A plus more equals fun"),
        ("NASA and the U.S. and BBC", "NASA and the U.S. and BBC"),
        ("yes/no and/or", "yes or no and or"),
        ("#5 of them", "number five of them"),
        ("~20 people", "about twenty people"),
        ("5 > 3 and 2 < 4", "five more than three and two less than four"),
        ("3 × 4", "three times four"),
        ("Yes — no (maybe).", "Yes, no, maybe."),
        ("It’s “fine”.", "It's fine."),
        ("Node.js and snake_case", "Node dot js and snake case"),
        ("a&nbsp;b &amp; c<br>d", "a b and c d"),
        ("a\u{7}b\u{1B}c\u{202E}d", "abcd"),
        ("5'9\" tall", "five nine tall"),
        ("well-known state-of-the-art", "well-known state-of-the-art"),
        ("10k users", "ten thousand users"),
        ("room A4", "room A four"),
        ("99999999999999999999999", Array(repeating: "nine", count: 23).joined(separator: " ")),
    ]

    @Test(arguments: cases) func `English is read aloud`(text: String, spoken: String) {
        #expect(EarText(language: .english).spoken(text) == spoken)
    }

    @Test func `cardinals and years are said as people say them`() {
        #expect(EnglishNumber.cardinal("0") == "zero")
        #expect(EnglishNumber.cardinal("1000001") == "one million one")
        #expect(EnglishNumber.cardinal("110") == "one hundred ten")
        #expect(EnglishNumber.year("2000") == "two thousand")
        #expect(EnglishNumber.year("1900") == "nineteen hundred")
        #expect(EnglishNumber.year("2010") == "twenty ten")
        #expect(EnglishNumber.ordinal("101") == "one hundred first")
        #expect(EnglishNumber.ordinal("30") == "thirtieth")
    }
}
