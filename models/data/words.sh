#!/bin/sh
# words.sh [--small] [FOLDER] - ten spoken words, other words and silence, one second of
# 16 kHz each, as WAV files in a folder a class: words/{train,valid,test}/CLASS/*.wav.
#
# Every split has its own synthesizers and speakers:
#   train  espeak-ng (formants) in many voices, accents, speeds and pitches, and Festival's
#          statistical voice slt
#   valid  Festival's diphone voice ked
#   test   flite's voices awb, rms (clusters) and kal16 (diphones); its voice slt is left out,
#          as training has heard that speaker
# sox makes 16 kHz of all; words.c varies the clips of training, places each in its second,
# sets its loudness and adds noise of a room.
. "$(dirname "$0")/generate.sh"
have words/test/11_silence && exit 0
tool espeak-ng espeak-ng
tool festival festival
tool flite flite
tool sox sox
for voice in us/cmu_us_slt_arctic_hts:festvox-us-slt-hts english/ked_diphone:festvox-kdlpc16k; do
    [ -d "/usr/share/festival/voices/${voice%:*}" ] ||
        { echo "words.sh: please install the package ${voice#*:}" >&2; exit 1; }
done
build words
words="yes no up down left right on off stop go"
others="bed bird cat dog happy house marvin sheila tree wow zero three seven forward visual"
mkdir -p "$work/said"

# lines: `class word`, 10 known words and one class of others
lines() {
    class=0
    for word in $words; do echo "0${class}_$word $word"; class=$((class + 1)); done
    for word in $others; do echo "10_other $word"; done
}

# keep SPLIT CLASS NAME: the clip just made, as samples of 16 kHz
keep() {
    mkdir -p "$work/said/$1/$2"
    sox "$work/clip.wav" -c 1 -r 16000 -b 16 -e signed-integer -t raw -D \
        "$work/said/$1/$2/$3.raw" 2>/dev/null
}

# say_espeak SPLIT VOICES SPEEDS PITCHES
say_espeak() {
    for voice in $2; do for speed in $3; do for pitch in $4; do
        lines | while read -r class word; do
            espeak-ng -v "$voice" -s "$speed" -p "$pitch" -w "$work/clip.wav" "$word" 2>/dev/null
            keep "$1" "$class" "$word.$voice.$speed.$pitch"
        done
    done; done; done
}

# say_festival SPLIT NAME SETTINGS: all words by one call of Festival, after SETTINGS in Scheme
say_festival() {
    {
        echo "$3"
        lines | while read -r class word; do
            mkdir -p "$work/festival"
            echo "(utt.save.wave (utt.synth (Utterance Text \"$word\"))" \
                "\"$work/festival/$class-$word.wav\" 'riff)"
        done
    } >"$work/say.scm"
    festival -b "$work/say.scm"
    lines | while read -r class word; do
        mv "$work/festival/$class-$word.wav" "$work/clip.wav"
        keep "$1" "$class" "$word.$2"
    done
}

# slt SPLIT SPEED HALFTONES THROAT: the statistical voice
slt() {
    say_festival "$1" "slt.$2.$3.$4" "(voice_cmu_us_slt_arctic_hts)
        (set! hts_engine_params (append hts_engine_params
            '((\"-r\" $2) (\"-fm\" $3) (\"-a\" $4))))"
}

# ked SPLIT STRETCH PITCH: the diphone voice
ked() {
    say_festival "$1" "ked.$2.$3" "(voice_ked_diphone)
        (Parameter.set 'Duration_Stretch $2)
        (set! int_lr_params '((target_f0_mean $3) (target_f0_std 14)
            (model_f0_mean 170) (model_f0_std 34)))"
}

# say_flite VOICES STRETCHES PITCHES: the test's clips
say_flite() {
    for voice in $1; do for stretch in $2; do for pitch in $3; do
        lines | while read -r class word; do
            flite -voice "$voice" --setf duration_stretch=$stretch --setf int_f0_target_mean=$pitch \
                -t "$word" -o "$work/clip.wav"
            keep test "$class" "$word.$voice.$stretch.$pitch"
        done
    done; done; done
}

if [ -n "$small" ]; then
    say_espeak train "en-us en-gb en-us+f2 en-gb+klatt4" "150" "50"
    slt train 1.0 -4 0.52
    ked valid 1.0 105
    say_flite "rms kal16" "1" "110"
    times=1
else
    voices=
    for accent in en-us en-gb en-us-nyc en-gb-x-rp; do
        for voice in m1 m3 m4 m7 f1 f2 f4 klatt klatt4 Andy Annie Gene Lee Linda Michael \
            Alicia Mike steph Zac; do
            voices="$voices $accent+$voice"
        done
    done
    say_espeak train "$voices en-029+m3 en-gb-scotland+m2" "150" "45"
    for throat in 0.46 0.50 0.54 0.58; do
        for halftones in -10 -5 0; do
            for speed in 0.75 0.9 1.1; do slt train $speed $halftones $throat; done
        done
    done
    for stretch in 0.9 1.1 1.35; do for pitch in 90 105 125; do ked valid $stretch $pitch; done; done
    say_flite "kal16 awb rms" "0.85 1 1.2" "95 130"
    times=3
fi
mkdir -p "$into/words"
# `words` adds silence of as many clips as a word has.
for part in train:1:$times:1 valid:2:2:0 test:1000:1:0; do
    IFS=: read -r split seed copies vary <<END
$part
END
    (cd "$work/said/$split" && find . -name '*.raw' | LC_ALL=C sort) >"$work/list"
    "$work/words" "$work/said/$split" "$seed" "$copies" "$vary" "$into/words/$split" <"$work/list"
done
