"""What the classes of the audio thread must hold, as scripts for a page; each gives null, or what is wrong."""

TOOLS = """
    const { Playout, Resampler, isLater, levelOf } = module;
    const packet = (sequence, value = 0.5, epoch = 1, more = {}) =>
        ({ epoch, sequence, isEnd: false, samples: new Float32Array(480).fill(value), ...more });
    const render = (playout, blocks) => {
        const out = [];
        for (let block = 0; block < blocks; block += 1) { const one = new Float32Array(120); playout.render(one); out.push(...one); }
        return out;
    };
    const full = (count, epoch = 1, from = 0) => {
        const playout = new Playout(24000);
        for (let index = 0; index < count; index += 1) playout.push(packet(from + index, 0.5, epoch));
        return playout;
    };
    const steps = (samples) => Math.max(...samples.slice(1).map((sample, index) => Math.abs(sample - samples[index])));
    const peak = (samples) => Math.max(...samples.map(Math.abs));
"""

ALL = {
    "a reply begins behind a cushion, and fades in": """
        const playout = full(2);
        if (peak(render(playout, 4)) !== 0) return 'it began with 40 ms';
        playout.push(packet(2));
        const sound = render(playout, 8);
        return steps(sound) > 0.01 ? `a step of ${steps(sound)}` : Math.abs(sound.at(-1) - 0.5) > 0.001 ? 'not at full level' : null;
    """,
    "what cannot fill the cushion begins all the same": """
        const playout = full(1);
        return peak(render(playout, 40)) > 0.4 ? null : 'it never began';
    """,
    "a hold fades within 20 ms, keeps what waits and counts nothing": """
        const playout = full(10);
        render(playout, 10);
        const before = playout.playedMs();
        playout.hold();
        const fade = render(playout, 4), after = render(playout, 40);
        if (peak(after) !== 0) return 'it sounds on';
        if (steps(fade) > 0.01) return 'it clicks';
        return playout.playedMs() === before && playout.bufferedMs > 100 ? null : 'it counted or lost what waits';
    """,
    "a resume goes on at the place and the packet that are named": """
        const playout = full(10);
        render(playout, 10);
        playout.hold();
        render(playout, 10);
        playout.resume(1, 40, 20);
        for (let index = 20; index < 25; index += 1) playout.push(packet(index, 0.25));
        playout.push(packet(3, 0.9));
        const sound = render(playout, 16);
        if (peak(sound) > 0.26) return 'an old packet sounded';
        return Math.abs(playout.playedMs() - 120) < 1 ? null : `at ${playout.playedMs()} ms`;
    """,
    "a flush fades, drops the reply and what comes of it later": """
        const playout = full(10);
        render(playout, 10);
        const heard = playout.playedMs(1);
        playout.flush(1);
        playout.push(packet(11));
        const fade = render(playout, 4);
        if (steps(fade) > 0.01) return 'it clicks';
        if (peak(render(playout, 40)) !== 0) return 'it sounds on';
        for (let index = 12; index < 20; index += 1) playout.push(packet(index, 0.5, 2));
        if (peak(render(playout, 20)) < 0.4) return 'the next reply does not sound';
        return playout.playedMs(1) === heard && playout.epoch === 2 ? null : 'what was heard has changed';
    """,
    "epochs are compared modulo their range": """
        return isLater(0, 65535) && !isLater(65535, 0) && !isLater(7, 7) ? null : 'they are not';
    """,
    "a queue that runs dry fades, and asks for more next time": """
        const playout = full(4);
        const sound = render(playout, 40);
        if (steps(sound) > 0.01) return `it clicks by ${steps(sound)}`;
        return playout.cushion > 60 && playout.playedMs() === 80 ? null : 'it learned nothing';
    """,
    "a lost connection leaves nothing to play": """
        const playout = full(10);
        render(playout, 10);
        playout.drop();
        render(playout, 4);
        return peak(render(playout, 40)) === 0 && playout.bufferedMs === 0 ? null : 'something is left';
    """,
    "resampling keeps a tone and its length, whatever the pieces": """
        for (const [from, to] of [[48000, 16000], [44100, 16000], [24000, 48000], [24000, 44100], [48000, 44100], [16000, 16000]]) {
            const tone = Float32Array.from({ length: from }, (_, index) => 0.5 * Math.sin((2 * Math.PI * 1000 * index) / from));
            const resampler = new Resampler(from, to);
            const out = [];
            for (let place = 0; place < tone.length; place += 128) out.push(...resampler.process(tone.subarray(place, place + 128)));
            if (Math.abs(out.length - to) > 64) return `${from} to ${to}: ${out.length} samples`;
            const middle = out.slice(to / 4, to / 4 + to / 10);
            const level = Math.sqrt(middle.reduce((sum, sample) => sum + sample * sample, 0) / middle.length);
            if (Math.abs(level - 0.3536) > 0.004) return `${from} to ${to}: level ${level}`;
        }
        return null;
    """,
    "resampling lets nothing fold back": """
        const tone = Float32Array.from({ length: 48000 }, (_, index) => 0.5 * Math.sin((2 * Math.PI * 11000 * index) / 48000));
        const out = new Resampler(48000, 16000).process(tone).slice(2000, 12000);
        return peak([...out]) < 0.005 ? null : `a tone of 11 kHz is there at ${peak([...out])}`;
    """,
    "levels go from silence to full scale": """
        return levelOf(new Float32Array(9)) === 0 && levelOf(new Float32Array(9).fill(1)) > 0.999 ? null : 'they do not';
    """,
}
