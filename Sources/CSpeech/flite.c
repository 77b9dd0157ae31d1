#include "flite_g2p.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct flite_g2p {
    void *voice;
    void *(*new_utterance)(void);
    void (*delete_utterance)(void *);
    void *(*utt_init)(void *, void *);
    void (*utt_set_input_text)(void *, const char *);
    void *(*utt_synth_text2segs)(void *);
    void *(*utt_relation)(void *, const char *);
    int (*utt_relation_present)(void *, const char *);
    void *(*relation_head)(void *);
    void *(*item_next)(const void *);
    void *(*item_parent)(const void *);
    void *(*item_as)(const void *, const char *);
    int (*item_equal)(const void *, const void *);
    const char *(*item_feat_string)(const void *, const char *);
};

static int find(void *library, const char *name, void *slot, char *error, size_t size) {
    void *symbol = dlsym(library, name);
    if (!symbol) {
        snprintf(error, size, "libflite lacks %s", name);
        return 0;
    }
    memcpy(slot, &symbol, sizeof symbol);
    return 1;
}

static void *open_library(const char *name, char *error, size_t size) {
    void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char *why = dlerror();
        snprintf(error, size, "%s", why ? why : name);
    }
    return library;
}

flite_g2p *flite_g2p_open(char *error, size_t size) {
    void *core = open_library("libflite.so.1", error, size);
    void *rules = core ? open_library("libflite_usenglish.so.1", error, size) : NULL;
    void *lexicon = rules ? open_library("libflite_cmulex.so.1", error, size) : NULL;
    if (!lexicon) return NULL;

    flite_g2p *f = calloc(1, sizeof *f);
    if (!f) return NULL;
    int (*flite_init)(void);
    void *(*new_voice)(void), *(*lexicon_val)(const void *), *(*uttfunc_val)(const void *), *(*lex_init)(void), *postlex;
    void (*feat_set)(void *, const char *, const void *), (*usenglish_init)(void *);
#define CORE(name) find(core, #name, &f->name, error, size)
    int ok = CORE(new_utterance) && CORE(delete_utterance) && CORE(utt_init) && CORE(utt_set_input_text) && CORE(utt_synth_text2segs)
        && CORE(utt_relation) && CORE(utt_relation_present) && CORE(relation_head) && CORE(item_next) && CORE(item_parent)
        && CORE(item_as) && CORE(item_equal) && CORE(item_feat_string) && find(core, "flite_init", &flite_init, error, size)
        && find(core, "new_voice", &new_voice, error, size) && find(core, "lexicon_val", &lexicon_val, error, size)
        && find(core, "uttfunc_val", &uttfunc_val, error, size) && find(core, "feat_set", &feat_set, error, size)
        && find(rules, "usenglish_init", &usenglish_init, error, size) && find(lexicon, "cmu_lex_init", &lex_init, error, size)
        && find(lexicon, "cmu_postlex", &postlex, error, size);
#undef CORE
    if (!ok) {
        free(f);
        return NULL;
    }
    flite_init();
    f->voice = new_voice();
    void *features = ((void **)f->voice)[1];  // a voice begins with its name and its features, in every release of major version 1 and 2
    usenglish_init(f->voice);
    feat_set(features, "lexicon", lexicon_val(lex_init()));
    feat_set(features, "postlex_func", uttfunc_val(postlex));
    return f;
}

int flite_g2p_sounds(flite_g2p *f, const char *text, flite_g2p_sound *out, int capacity, int *tokens) {
    int count = -1;
    *tokens = 0;
    void *utterance = f->new_utterance();
    f->utt_init(utterance, f->voice);
    f->utt_set_input_text(utterance, text);
    if (f->utt_synth_text2segs(utterance) && f->utt_relation_present(utterance, "Segment")) {
        count = 0;
        void *token = f->relation_head(f->utt_relation(utterance, "Token"));
        int index = 0;
        for (void *s = f->relation_head(f->utt_relation(utterance, "Segment")); s && count < capacity; s = f->item_next(s)) {
            void *sound = f->item_as(s, "SylStructure");
            void *syllable = sound ? f->item_parent(sound) : NULL;
            void *word = syllable ? f->item_parent(syllable) : NULL;
            void *in_token = word ? f->item_as(word, "Token") : NULL;
            void *owner = in_token ? f->item_parent(in_token) : NULL;
            if (!owner) continue;  // a pause
            while (token && !f->item_equal(token, owner)) {
                token = f->item_next(token);
                index++;
            }
            flite_g2p_sound *o = &out[count++];
            o->token = index;
            o->stressed = strcmp(f->item_feat_string(syllable, "stress"), "1") == 0;
            snprintf(o->phone, sizeof o->phone, "%s", f->item_feat_string(s, "name"));
            snprintf(o->word, sizeof o->word, "%s", f->item_feat_string(word, "name"));
        }
        for (void *t = f->relation_head(f->utt_relation(utterance, "Token")); t; t = f->item_next(t)) ++*tokens;
    }
    f->delete_utterance(utterance);
    return count;
}
