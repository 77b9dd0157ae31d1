/// What English abbreviations and units stand for.
enum EnglishWords {
    static let abbreviations = [
        "dr": "Doctor", "mr": "Mister", "mrs": "Missus", "ms": "Miss", "prof": "Professor", "etc": "et cetera", "vs": "versus",
        "approx": "approximately", "inc": "Incorporated", "ltd": "Limited", "dept": "department", "appt": "appointment", "tel": "telephone",
        "ext": "extension", "est": "established", "ave": "Avenue", "blvd": "Boulevard", "jr": "Junior", "sr": "Senior", "gen": "General",
        "sgt": "Sergeant", "capt": "Captain", "rev": "Reverend", "corp": "Corporation", "gov": "Governor", "hon": "Honorable", "eg": "for example",
        "ie": "that is", "incl": "including", "min": "minutes", "max": "maximum", "tues": "Tuesday", "thurs": "Thursday", "rd": "Road",
    ]
    static let numbered = [
        "no": "number", "nos": "numbers", "fig": "figure", "vol": "volume", "pp": "pages", "p": "page", "pg": "page", "art": "article",
        "sec": "section", "ch": "chapter",
    ]
    static let months = [
        "jan": "January", "feb": "February", "mar": "March", "apr": "April", "aug": "August", "sept": "September", "sep": "September",
        "oct": "October", "nov": "November", "dec": "December",
    ]
    static let monthNames = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]
    static let yearHints: Set<String> = [
        "in", "since", "by", "until", "till", "year", "before", "after", "during", "early", "late", "mid", "from", "of", "circa", "summer",
        "winter", "spring", "autumn", "fall",
    ]
    static let coins: [(String, (one: String, many: String, cent: String, cents: String))] = [
        ("US$", ("dollar", "dollars", "cent", "cents")), ("$", ("dollar", "dollars", "cent", "cents")),
        ("£", ("pound", "pounds", "penny", "pence")), ("€", ("euro", "euros", "cent", "cents")),
        ("¥", ("yuan", "yuan", "fen", "fen")), ("￥", ("yuan", "yuan", "fen", "fen")), ("₹", ("rupee", "rupees", "paisa", "paise")),
    ]
    static let codes = ["usd": "$", "eur": "€", "gbp": "£"]
    static let codesAfter: [(String, String)] = [("USD", "$"), ("EUR", "€"), ("GBP", "£"), ("€", "€"), ("£", "£")]
    static let scales: [(String, String)] = [
        ("million", "million"), ("billion", "billion"), ("trillion", "trillion"), ("thousand", "thousand"), ("M", "million"), ("m", "million"),
        ("bn", "billion"), ("B", "billion"), ("k", "thousand"), ("K", "thousand"),
    ]
    static let units: [(String, (one: String, many: String))] = [
        ("km/h", ("kilometer per hour", "kilometers per hour")), ("mph", ("mile per hour", "miles per hour")),
        ("kWh", ("kilowatt hour", "kilowatt hours")), ("°C", ("degree Celsius", "degrees Celsius")), ("℃", ("degree Celsius", "degrees Celsius")),
        ("°F", ("degree Fahrenheit", "degrees Fahrenheit")), ("°", ("degree", "degrees")), ("Mbps", ("megabit per second", "megabits per second")),
        ("km", ("kilometer", "kilometers")), ("cm", ("centimeter", "centimeters")), ("mm", ("millimeter", "millimeters")),
        ("m²", ("square meter", "square meters")), ("m", ("meter", "meters")), ("kg", ("kilogram", "kilograms")), ("mg", ("milligram", "milligrams")),
        ("g", ("gram", "grams")), ("lbs", ("pound", "pounds")), ("lb", ("pound", "pounds")), ("oz", ("ounce", "ounces")), ("ft", ("foot", "feet")),
        ("mi", ("mile", "miles")), ("ml", ("milliliter", "milliliters")), ("mL", ("milliliter", "milliliters")), ("L", ("liter", "liters")),
        ("l", ("liter", "liters")), ("GB", ("gigabyte", "gigabytes")), ("MB", ("megabyte", "megabytes")), ("KB", ("kilobyte", "kilobytes")),
        ("TB", ("terabyte", "terabytes")), ("GHz", ("gigahertz", "gigahertz")), ("MHz", ("megahertz", "megahertz")),
        ("kHz", ("kilohertz", "kilohertz")), ("Hz", ("hertz", "hertz")), ("kW", ("kilowatt", "kilowatts")), ("W", ("watt", "watts")),
        ("V", ("volt", "volts")), ("ms", ("millisecond", "milliseconds")), ("min", ("minute", "minutes")), ("hrs", ("hour", "hours")),
        ("hr", ("hour", "hours")), ("h", ("hour", "hours")), ("s", ("second", "seconds")), ("k", ("thousand", "thousand")),
        ("K", ("thousand", "thousand")),
        ("x", ("time", "times")),
    ]
    static let parts = ["", "", "half", "third", "quarter", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"]
}
