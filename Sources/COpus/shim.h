#ifndef PARLEY_COPUS_SHIM_H
#define PARLEY_COPUS_SHIM_H
#include <opus.h>
#include <stdint.h>
/* opus_encoder_ctl and opus_decoder_ctl are variadic, which Swift cannot import: one typed function per request. */
static inline int copus_set_bitrate(OpusEncoder *e, int32_t bps) { return opus_encoder_ctl(e, OPUS_SET_BITRATE(bps)); }
static inline int copus_set_complexity(OpusEncoder *e, int32_t level) { return opus_encoder_ctl(e, OPUS_SET_COMPLEXITY(level)); }
static inline int copus_set_inband_fec(OpusEncoder *e, int32_t on) { return opus_encoder_ctl(e, OPUS_SET_INBAND_FEC(on)); }
static inline int copus_set_packet_loss(OpusEncoder *e, int32_t percent) { return opus_encoder_ctl(e, OPUS_SET_PACKET_LOSS_PERC(percent)); }
static inline int copus_set_dtx(OpusEncoder *e, int32_t on) { return opus_encoder_ctl(e, OPUS_SET_DTX(on)); }
static inline int copus_get_lookahead(OpusEncoder *e, int32_t *samples) { return opus_encoder_ctl(e, OPUS_GET_LOOKAHEAD(samples)); }
static inline int copus_reset_encoder(OpusEncoder *e) { return opus_encoder_ctl(e, OPUS_RESET_STATE); }
static inline int copus_set_gain(OpusDecoder *d, int32_t q8_decibels) { return opus_decoder_ctl(d, OPUS_SET_GAIN(q8_decibels)); }
static inline int copus_reset_decoder(OpusDecoder *d) { return opus_decoder_ctl(d, OPUS_RESET_STATE); }
#endif
